import { S3Client } from "@aws-sdk/client-s3";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SQSClient } from "@aws-sdk/client-sqs";

const once = (make) => {
  let made;
  return () => (made ??= make());
};

export const files = once(() => new S3Client({ region: process.env.AWS_REGION }));
export const mail = once(() => new SESv2Client({ region: "eu-west-1" }));
export const queue = once(() => new SQSClient());
