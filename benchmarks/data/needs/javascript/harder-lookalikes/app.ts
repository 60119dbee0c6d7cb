// What else has these names, and one client that is real.
import axios from "axios";
import knex from "knex";
import { createClient } from "redis";
import { KMSClient, DecryptCommand } from "@aws-sdk/client-kms";
import { PutObjectCommand, S3 } from "./local";

const kms = new KMSClient({});
const s3 = new S3("/tmp");
const redis = createClient();
const database = knex({ client: "pg" });
const kept = new Map<string, string>();

export const handler = async (event: { key: string; secret: string }) => {
  await s3.putObject({ Bucket: "local", Key: event.key });
  await s3.send(new PutObjectCommand({ Bucket: "local", Key: event.key }));
  await redis.publish("seen", event.key);
  await database("orders").update({ seen: true }).where({ id: event.key });
  await axios.create().put(`https://example.com/${event.key}`);
  kept.delete(event.key);
  const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob: Buffer.from(event.secret, "base64") }));
  return kept.get(event.key) ?? Plaintext?.length;
};
