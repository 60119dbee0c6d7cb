import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { Account } from "./account";
import { own, tenant } from "./credentials";

interface Input {
  tenants: string[];
}

const home = new Account(own());

export async function handler({ tenants }: Input): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const id of tenants) {
    const theirs = new Account(tenant(id));
    const { Buckets = [] } = await theirs.s3.send(new ListBucketsCommand({}));
    const { TableNames = [] } = await theirs.dynamodb.send(new ListTablesCommand({}));
    counts[id] = Buckets.length + TableNames.length;
    await home.dynamodb.send(
      new PutItemCommand({
        TableName: process.env.INVENTORY_TABLE,
        Item: { tenant: { S: id }, things: { N: `${counts[id]}` } },
      }),
    );
  }
  await home.measure(counts);
  return counts;
}

export const unused = (): DynamoDBClient => new DynamoDBClient({});
