import { DeleteObjectCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";

const { INVOICE_BUCKET: Bucket, LATER_URL: QueueUrl } = process.env;

export function createInvoices({ s3, queue }) {
  const load = async (Key) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return Body.transformToString();
  };

  const postpone = (records) => {
    const Entries = records.map(({ body }, at) => ({ Id: `${at}`, MessageBody: body, DelaySeconds: 900 }));
    return queue.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  };

  const remove = (Key) => s3.send(new DeleteObjectCommand({ Bucket, Key }));

  return { load, postpone, remove };
}
