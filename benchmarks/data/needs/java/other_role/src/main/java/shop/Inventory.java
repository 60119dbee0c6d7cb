package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

public class Inventory implements RequestHandler<Object, Integer> {
  private final StsClient sts = StsClient.create();
  private final CloudWatchClient metrics = CloudWatchClient.create();

  @Override
  public Integer handleRequest(Object ignored, Context context) {
    AwsCredentialsProvider theirs = StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts)
        .refreshRequest(r -> r.roleArn(System.getenv("READER_ROLE")).roleSessionName("inventory"))
        .build();
    try (Ec2Client ec2 = Ec2Client.builder().credentialsProvider(theirs).build()) {
      int count = ec2.describeInstances().reservations().size();
      metrics.putMetricData(r -> r.namespace("Fleet").metricData(d -> d.metricName("Instances").value((double) count)));
      return count;
    }
  }
}
