import { S3Client, PutObjectCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const s3 = new S3Client({ region: process.env.AWS_REGION });
const BUCKET = process.env.UPLOADS ?? "uploads-default";

const commands = {
  put: (Key) => new PutObjectCommand({ Bucket: BUCKET, Key }),
  get: (Key) => new GetObjectCommand({ Bucket: BUCKET, Key }),
};

export const handler = async ({ method, key }) => {
  const make = commands[method];
  if (!make) return { statusCode: 405 };
  return { statusCode: 200, body: await getSignedUrl(s3, make(key), { expiresIn: 300 }) };
};
