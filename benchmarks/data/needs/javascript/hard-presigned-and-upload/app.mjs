// Signed addresses and large uploads.
import { S3Client, GetObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";

const client = new S3Client({ region: process.env.AWS_REGION });
const Bucket = process.env.BUCKET ?? "fallback";
export const handler = async ({ key }) => ({
  get: await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: key }), { expiresIn: 60 }),
  post: await createPresignedPost(client, { Bucket, Key: key }),
});
