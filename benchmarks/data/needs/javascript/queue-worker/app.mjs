import { SQSClient, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { chunk } from "./lists.mjs";

const sqs = new SQSClient({});
const sfn = new SFNClient({});

async function forward(records) {
  for (const part of chunk(records, 10)) {
    const Entries = part.map(({ messageId, body }) => ({ Id: messageId, MessageBody: body }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: process.env.NEXT_QUEUE_URL, Entries }));
  }
}

export const handler = async (event) => {
  const [heavy, light] = event.Records.reduce(
    ([h, l], record) => (record.body.length > 1000 ? [[...h, record], l] : [h, [...l, record]]),
    [[], []],
  );
  await forward(light);
  for (const record of heavy) {
    await sfn.send(new StartExecutionCommand({ stateMachineArn: process.env.MACHINE_ARN, input: record.body }));
  }
  return { batchItemFailures: [] };
};
