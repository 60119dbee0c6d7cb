package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

public class GetOrder implements RequestHandler<Map<String, String>, String> {
  private static final DynamoDbClient DB = DynamoDbClient.create();
  private static final String TABLE = System.getenv("ORDERS_TABLE");

  @Override
  public String handleRequest(Map<String, String> event, Context context) {
    GetItemRequest request = GetItemRequest.builder()
        .tableName(TABLE)
        .key(Map.of("id", AttributeValue.fromS(event.get("id"))))
        .build();
    return DB.getItem(request).item().toString();
  }
}
