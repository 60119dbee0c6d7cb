package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

public class CopyObject implements RequestHandler<Map<String, String>, Void> {
  private final S3Client s3 = S3Client.builder().region(Region.EU_WEST_1).build();

  @Override
  public Void handleRequest(Map<String, String> event, Context context) {
    String key = event.get("key");
    var head = s3.headObject(b -> b.bucket(System.getenv("INBOX")).key(key));
    if (head.contentLength() > 0) {
      s3.putObject(
          b -> b.bucket(System.getenv("OUTBOX")).key("seen/" + key),
          RequestBody.fromString("size " + head.contentLength()));
    }
    return null;
  }
}
