package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;

public class Emit implements RequestHandler<Map<String, String>, String> {
  private final EventBridgeClient bus = EventBridgeClient.builder().httpClient(UrlConnectionHttpClient.create()).build();
  private final SfnClient steps = SfnClient.builder().httpClient(UrlConnectionHttpClient.create()).build();

  @Override
  public String handleRequest(Map<String, String> event, Context context) {
    PutEventsRequestEntry entry = PutEventsRequestEntry.builder()
        .eventBusName(System.getenv("BUS"))
        .source("shop")
        .detailType("ordered")
        .detail("{}")
        .build();
    bus.putEvents(PutEventsRequest.builder().entries(entry).build());
    StartExecutionRequest.Builder start = StartExecutionRequest.builder();
    start.stateMachineArn(System.getenv("MACHINE"));
    start.input("{}");
    return steps.startExecution(start.build()).executionArn();
  }
}
