package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.Update;

public class Move implements RequestHandler<Move.Order, Void> {
  private static final String TABLE = System.getenv("ACCOUNTS");
  private final DynamoDbClient db;

  public Move() {
    this(DynamoDbClient.create());
  }

  public Move(DynamoDbClient db) {
    this.db = db;
  }

  public record Order(String from, String to, String amount) {}

  @Override
  public Void handleRequest(Order order, Context context) {
    List<TransactWriteItem> items = new ArrayList<>();
    items.add(change(order.from(), "-" + order.amount()));
    items.add(change(order.to(), order.amount()));
    db.transactWriteItems(TransactWriteItemsRequest.builder().transactItems(items).build());
    return null;
  }

  private static TransactWriteItem change(String id, String by) {
    Update update = Update.builder()
        .tableName(TABLE)
        .key(Map.of("id", AttributeValue.fromS(id)))
        .updateExpression("ADD balance :by")
        .expressionAttributeValues(Map.of(":by", AttributeValue.fromN(by)))
        .build();
    return TransactWriteItem.builder().update(update).build();
  }
}
