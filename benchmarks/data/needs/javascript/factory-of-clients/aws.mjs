import { S3 } from "@aws-sdk/client-s3";
import { SNS } from "@aws-sdk/client-sns";
import { SSM } from "@aws-sdk/client-ssm";

const kinds = { s3: S3, sns: SNS, ssm: SSM };
const made = new Map();

export function client(kind) {
  if (!made.has(kind)) made.set(kind, new kinds[kind]({ maxAttempts: 5 }));
  return made.get(kind);
}
