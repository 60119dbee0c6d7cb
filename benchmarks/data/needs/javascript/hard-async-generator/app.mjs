// Pages by an asynchronous generator, batches of them in a loop.
import { DynamoDBClient, paginateScan, BatchWriteItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient();
async function* items(TableName) {
  for await (const page of paginateScan({ client }, { TableName })) yield* page.Items ?? [];
}
export async function handler() {
  let batch = [];
  for await (const Item of items(process.env.SOURCE)) {
    batch.push({ PutRequest: { Item } });
    if (batch.length === 25) {
      await client.send(new BatchWriteItemCommand({ RequestItems: { [process.env.TARGET]: batch } }));
      batch = [];
    }
  }
}
