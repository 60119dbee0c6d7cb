// Much is called as it is called in AWS's SDK, and is not; some of AWS's is done by somebody else.
import { readFile } from "node:fs/promises";
import { EventEmitter } from "node:events";
import { S3Client, PutObjectCommand, DeleteBucketCommand } from "@aws-sdk/client-s3";
import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { Cache } from "./cache.mjs";
import { Mailer, SendEmailCommand } from "./mail.mjs";
import { partner } from "./partner.mjs";

const bus = new EventEmitter();
const mailer = new Mailer(process.env.SMTP_URL);
const cache = new Cache({ max: 100 });
const secrets = new SecretsManager({});

bus.on("stored", async (id) => {
  await mailer.send(new SendEmailCommand({ to: "ops@example.com", text: id }));
});

export const cleanUp = async () => new S3Client({}).send(new DeleteBucketCommand({ Bucket: "old" }));

const stubbed = {
  putItem: async (item) => cache.putItem(item),
  publish: (message) => bus.emit("stored", message),
  getSecretValue: async () => ({ SecretString: await readFile("secret.txt", "utf8") }),
};

async function secret(id, from = secrets) {
  const { SecretString } = await from.getSecretValue({ SecretId: id });
  return SecretString;
}

export const handler = async ({ id, dry }) => {
  const key = await (dry ? secret(id, stubbed) : secret(process.env.PARTNER_SECRET));
  await stubbed.putItem({ id, key });
  const theirs = await partner(process.env.PARTNER_ROLE_ARN);
  await theirs.send(new PutObjectCommand({ Bucket: "partner-drop", Key: id, Body: key }));
  stubbed.publish(id);
  return cache.query("select", id);
};
