package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.time.Duration;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PutObjectPresignRequest;

public class UploadLink implements RequestHandler<String, String> {
  private static final S3Presigner PRESIGNER = S3Presigner.create();

  @Override
  public String handleRequest(String name, Context context) {
    PutObjectRequest put = PutObjectRequest.builder().bucket(System.getenv("UPLOADS")).key("in/" + name).build();
    PutObjectPresignRequest request = PutObjectPresignRequest.builder()
        .signatureDuration(Duration.ofMinutes(5))
        .putObjectRequest(put)
        .build();
    return PRESIGNER.presignPutObject(request).url().toString();
  }
}
