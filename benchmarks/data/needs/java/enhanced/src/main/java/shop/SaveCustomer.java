package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;

public class SaveCustomer implements RequestHandler<Customer, Customer> {
  private static final DynamoDbEnhancedClient ENHANCED = DynamoDbEnhancedClient.create();
  private static final DynamoDbTable<Customer> TABLE =
      ENHANCED.table(System.getenv("CUSTOMERS"), TableSchema.fromBean(Customer.class));

  @Override
  public Customer handleRequest(Customer given, Context context) {
    Customer before = TABLE.getItem(Key.builder().partitionValue(given.getId()).build());
    if (before == null) {
      TABLE.putItem(given);
      return given;
    }
    return TABLE.updateItem(given);
  }
}
