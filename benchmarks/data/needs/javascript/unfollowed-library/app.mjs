import { Entity } from "electrodb";
import { DynamoDBClient, DescribeTableCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});
const Task = new Entity(
  { model: { entity: "task", version: "1", service: "todo" }, attributes: { id: { type: "string" } }, indexes: {} },
  { client, table: process.env.TASKS },
);

export const handler = async ({ id }) => {
  await client.send(new DescribeTableCommand({ TableName: process.env.TASKS }));
  return Task.get({ id }).go();
};
