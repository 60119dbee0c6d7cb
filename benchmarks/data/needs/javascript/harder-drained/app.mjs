// Generators that hand on to generators, until a queue is empty.
import { SQSClient, ReceiveMessageCommand, DeleteMessageBatchCommand } from "@aws-sdk/client-sqs";
import { paginateScan } from "@aws-sdk/lib-dynamodb";
import { documents } from "./documents.mjs";

const sqs = new SQSClient({});
const QueueUrl = process.env.QUEUE_URL;

async function* batches() {
  for (;;) {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (!Messages?.length) return;
    yield Messages;
  }
}

async function* messages() {
  for await (const batch of batches()) {
    yield* batch.map(({ Body }) => JSON.parse(Body));
    const Entries = batch.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

async function* known() {
  const pages = paginateScan({ client: documents }, { TableName: process.env.KNOWN });
  for await (const { Items } of pages) yield* Items;
}

export const handler = async () => {
  const ids = new Set();
  for await (const { id } of known()) ids.add(id);
  let fresh = 0;
  for await (const message of messages()) if (!ids.has(message.id)) fresh += 1;
  return fresh;
};
