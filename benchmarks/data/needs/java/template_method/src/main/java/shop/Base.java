package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;

public abstract class Base implements RequestHandler<Map<String, String>, String> {
  protected final KinesisClient stream = KinesisClient.create();

  @Override
  public final String handleRequest(Map<String, String> event, Context context) {
    String line = line(event);
    stream.putRecord(PutRecordRequest.builder()
        .streamName(System.getenv("STREAM"))
        .partitionKey("all")
        .data(SdkBytes.fromUtf8String(line))
        .build());
    return line;
  }

  protected abstract String line(Map<String, String> event);
}
