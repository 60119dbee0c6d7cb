package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.ssm.model.GetParameterRequest;

public class Route implements RequestHandler<Map<String, String>, String> {
  private final Map<String, Function<String, String>> ways = Map.of("call", this::call, "read", this::read);

  @Override
  public String handleRequest(Map<String, String> event, Context context) {
    return ways.getOrDefault(event.get("way"), this::read).apply(event.get("text"));
  }

  private String call(String text) {
    InvokeRequest request = InvokeRequest.builder()
        .functionName(System.getenv("TARGET"))
        .payload(SdkBytes.fromUtf8String(text))
        .build();
    return Clients.functions().invoke(request).payload().asUtf8String();
  }

  private String read(String text) {
    var request = GetParameterRequest.builder().name("/shop/" + text).withDecryption(true).build();
    return Clients.ssm().getParameter(request).parameter().value();
  }
}
