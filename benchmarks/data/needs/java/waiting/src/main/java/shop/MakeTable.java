package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbWaiter;

public class MakeTable implements RequestHandler<String, Void> {
  private final DynamoDbClient db = DynamoDbClient.create();

  @Override
  public Void handleRequest(String name, Context context) {
    db.createTable(CreateTableRequest.builder().tableName("tenant-" + name).billingMode("PAY_PER_REQUEST").build());
    try (DynamoDbWaiter waiter = db.waiter()) {
      waiter.waitUntilTableExists(DescribeTableRequest.builder().tableName("tenant-" + name).build());
    }
    return null;
  }
}
