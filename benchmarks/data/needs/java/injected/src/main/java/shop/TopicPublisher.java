package shop;

import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishRequest;

class TopicPublisher implements Publisher {
  private final SnsClient client;
  private final String topic;

  TopicPublisher(SnsClient client, String topic) {
    this.client = client;
    this.topic = topic;
  }

  @Override
  public String publish(String text) {
    return client.publish(PublishRequest.builder().topicArn(topic).message(text).build()).messageId();
  }

  void retire() {
    client.deleteTopic(r -> r.topicArn(topic));
  }
}
