// Decorators that sign classes in and wrap methods.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { handles, handlers, remembered } from "./decorators";

@handles("order")
class Orders {
  private readonly documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

  @remembered
  async run(detail: { id: string }) {
    const found = await this.documents.send(new GetCommand({ TableName: process.env.TABLE, Key: { id: detail.id } }));
    return found.Item;
  }
}

@handles("note")
class Notes {
  constructor(private readonly topics = new SNSClient({})) {}

  run = (detail: object) =>
    this.topics.send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: JSON.stringify(detail) }));
}

export const handler = async (event: { kind: string; detail: { id: string } }) => {
  const Handler = handlers.get(event.kind)!;
  return new Handler().run(event.detail);
};
export { Notes, Orders };
