import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const bus = new EventBridgeClient({});

function respond(statusCode, body) {
  return { statusCode, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

export const handler = async (event) => {
  const order = JSON.parse(event.body ?? "{}");
  if (!order.customer) return respond(400, { error: "customer is missing" });
  order.id = randomUUID();
  await documents.send(new PutCommand({ TableName: process.env.ORDERS_TABLE, Item: order }));
  await bus.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: process.env.BUS_NAME, Source: "orders", DetailType: "created", Detail: JSON.stringify(order) }],
    }),
  );
  return respond(201, order);
};
