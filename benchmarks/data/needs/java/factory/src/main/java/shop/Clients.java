package shop;

import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.ssm.SsmClient;

final class Clients {
  private static SsmClient ssm;

  private Clients() {}

  static synchronized SsmClient ssm() {
    if (ssm == null) {
      ssm = SsmClient.builder().build();
    }
    return ssm;
  }

  static LambdaClient functions() {
    return LambdaClient.create();
  }
}
