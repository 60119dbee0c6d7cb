package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;

public class Query implements RequestHandler<String, Integer> {
  private static final String PASSWORD;

  static {
    try (SecretsManagerClient secrets = SecretsManagerClient.create()) {
      GetSecretValueRequest request = GetSecretValueRequest.builder().secretId(System.getenv("DB_SECRET")).build();
      PASSWORD = secrets.getSecretValue(request).secretString();
    }
  }

  private final Map<String, Integer> putItem = new HashMap<>();

  @Override
  public Integer handleRequest(String name, Context context) {
    try (Connection connection = DriverManager.getConnection(System.getenv("JDBC"), "app", PASSWORD);
        PreparedStatement query = connection.prepareStatement("select count(*) from people where name = ?")) {
      query.setString(1, name);
      ResultSet found = query.executeQuery();
      found.next();
      putItem.put(name, found.getInt(1));
      return putItem.get(name);
    } catch (SQLException error) {
      throw new IllegalStateException(error);
    }
  }
}
