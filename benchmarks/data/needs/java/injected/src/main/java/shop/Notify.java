package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import software.amazon.awssdk.services.sns.SnsClient;

public class Notify implements RequestHandler<String, String> {
  private final Publisher publisher;

  public Notify() {
    this(new TopicPublisher(SnsClient.create(), System.getenv("TOPIC_ARN")));
  }

  Notify(Publisher publisher) {
    this.publisher = publisher;
  }

  @Override
  public String handleRequest(String text, Context context) {
    return publisher.publish(text);
  }
}
