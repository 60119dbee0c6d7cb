package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

public class CountAll implements RequestHandler<Object, Long> {
  private final S3Client s3;
  private final DynamoDbClient db;

  public CountAll() {
    s3 = S3Client.create();
    db = DynamoDbClient.create();
  }

  @Override
  public Long handleRequest(Object ignored, Context context) {
    long objects = s3.listObjectsV2Paginator(ListObjectsV2Request.builder().bucket(System.getenv("ARCHIVE")).build())
        .contents()
        .stream()
        .count();
    long rows = 0;
    for (ScanResponse page : db.scanPaginator(ScanRequest.builder().tableName(System.getenv("INDEX_TABLE")).build())) {
      rows += page.count();
    }
    return objects + rows;
  }
}
