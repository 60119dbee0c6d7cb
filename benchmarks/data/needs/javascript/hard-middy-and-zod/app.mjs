// A handler in middleware with a schema, and one client in the closure of a factory.
import middy from "@middy/core";
import httpJsonBodyParser from "@middy/http-json-body-parser";
import { z } from "zod";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

const Body = z.object({ id: z.string() });
const repository = (client, TableName) => ({ save: (Item) => client.send(new PutCommand({ TableName, Item })) });
const orders = repository(DynamoDBDocumentClient.from(new DynamoDBClient({})), process.env.ORDERS);

export const handler = middy()
  .use(httpJsonBodyParser())
  .handler(async (event) => {
    const parsed = Body.safeParse(event.body);
    if (!parsed.success) return { statusCode: 400 };
    await orders.save(parsed.data);
    return { statusCode: 201 };
  });
