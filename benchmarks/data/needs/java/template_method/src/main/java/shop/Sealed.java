package shop;

import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.EncryptRequest;
import software.amazon.awssdk.services.kms.model.EncryptResponse;

public class Sealed extends Base {
  private final KmsClient kms = KmsClient.create();

  @Override
  protected String line(Map<String, String> event) {
    EncryptResponse sealed = kms.encrypt(EncryptRequest.builder()
        .keyId(System.getenv("KEY_ARN"))
        .plaintext(SdkBytes.fromUtf8String(event.toString()))
        .build());
    return sealed.ciphertextBlob().toString();
  }
}
