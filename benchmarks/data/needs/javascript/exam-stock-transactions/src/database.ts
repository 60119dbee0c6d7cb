import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

const stage = process.env.STAGE ?? "dev";
const named = <const Names extends readonly string[]>(...names: Names) =>
  Object.fromEntries(names.map((name) => [name, `shop-${stage}-${name}`])) as Record<Names[number], string>;

export const tables = named("stock", "reservations");
export const document = DynamoDBDocumentClient.from(new DynamoDBClient({}));
