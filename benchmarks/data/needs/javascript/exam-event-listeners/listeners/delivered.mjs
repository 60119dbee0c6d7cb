import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { DynamoDB } from "@aws-sdk/client-dynamodb";

const parcels = DynamoDBDocument.from(new DynamoDB());
const events = new EventBridgeClient();

export const delivered = async ({ id, at }) => {
  await parcels.update({
    TableName: process.env.PARCELS,
    Key: { id },
    UpdateExpression: "SET deliveredAt = :at",
    ExpressionAttributeValues: { ":at": at },
  });
  const entry = { EventBusName: process.env.BUS, Source: "parcels", DetailType: "delivered", Detail: JSON.stringify({ id }) };
  await events.send(new PutEventsCommand({ Entries: [entry] }));
};
