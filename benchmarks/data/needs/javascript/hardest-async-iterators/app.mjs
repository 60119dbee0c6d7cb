// Rows come out of asynchronous iterators, some of them made by hand.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient, paginateQuery } from "@aws-sdk/lib-dynamodb";
import { GlacierClient, InitiateJobCommand } from "@aws-sdk/client-glacier";
import { Objects } from "./objects.mjs";
import { chunks, filtered } from "./streams.mjs";

const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
const glacier = new GlacierClient();

async function* expired(owner) {
  const pages = paginateQuery(
    { client: documents, pageSize: 50 },
    { TableName: process.env.LEASES, KeyConditionExpression: "o = :o", ExpressionAttributeValues: { ":o": owner } },
  );
  for await (const { Items } of pages) yield* Items;
}

export async function handler({ owner, before }) {
  const old = filtered(expired(owner), (lease) => lease.until < before);
  for await (const part of chunks(old, 25)) {
    const writes = part.map(({ id }) => ({ DeleteRequest: { Key: { id } } }));
    await documents.send(new BatchWriteCommand({ RequestItems: { [process.env.LEASES]: writes } }));
  }
  const iterator = new Objects(process.env.LEASE_FILES, owner)[Symbol.asyncIterator]();
  let step = await iterator.next();
  while (!step.done) {
    await step.value.remove();
    step = await iterator.next();
  }
  await glacier.send(
    new InitiateJobCommand({ vaultName: process.env.VAULT, jobParameters: { Type: "inventory-retrieval" } }),
  );
}
