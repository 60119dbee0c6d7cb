// Clients behind static accessors and symbols, made when they are first asked for.
import { Clients, queue } from "./clients";

export const handler = async (event: { key: string; old?: string }) => {
  const Bucket = process.env.BUCKET!;
  const { ContentLength } = await Clients.s3.headObject({ Bucket, Key: event.key });
  if (event.old) await Clients.s3.deleteObject({ Bucket, Key: event.old });
  await Clients[queue]?.sendMessage({ QueueUrl: process.env.QUEUE_URL, MessageBody: String(ContentLength) });
};
