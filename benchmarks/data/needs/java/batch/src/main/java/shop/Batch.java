package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

public class Batch implements RequestHandler<SQSEvent, Void> {
  private final SqsAsyncClient queue = SqsAsyncClient.create();
  private final SqsClient parked = SqsClient.create();

  @Override
  public Void handleRequest(SQSEvent event, Context context) {
    List<CompletableFuture<?>> pending = event.getRecords().stream().map(this::done).collect(Collectors.toList());
    CompletableFuture.allOf(pending.toArray(new CompletableFuture[0])).join();
    return null;
  }

  private CompletableFuture<?> done(SQSMessage message) {
    if (message.getBody().isBlank()) {
      parked.sendMessage(SendMessageRequest.builder()
          .queueUrl(System.getenv("PARKED_URL"))
          .messageBody(message.getMessageId())
          .build());
    }
    return queue.deleteMessage(r -> r.queueUrl(System.getenv("QUEUE_URL")).receiptHandle(message.getReceiptHandle()));
  }
}
