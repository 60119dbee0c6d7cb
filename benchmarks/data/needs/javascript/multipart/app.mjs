import { PassThrough } from "node:stream";
import { S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

const client = new S3Client({});

export const handler = async ({ url, key }) => {
  const body = new PassThrough();
  const upload = new Upload({ client, params: { Bucket: process.env.MIRROR, Key: key, Body: body } });
  const answer = await fetch(url);
  for await (const part of answer.body) body.write(part);
  body.end();
  await upload.done();
};
