import { LambdaClient, InvokeCommand } from "@aws-sdk/client-lambda";

export async function render(id) {
  const client = new LambdaClient({});
  return client.send(new InvokeCommand({ FunctionName: process.env.PDF_FUNCTION, Payload: JSON.stringify({ id }) }));
}
