import { GetObjectCommand, PutObjectCommand, DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";

const client = new S3Client({});

export async function fetchImage(Bucket: string, Key: string): Promise<Uint8Array> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Body!.transformToByteArray();
}

export async function storeImage(Key: string, Body: Buffer): Promise<void> {
  const command = new PutObjectCommand({ Bucket: process.env.THUMBNAILS!, Key, Body, ContentType: "image/jpeg" });
  await client.send(command);
}

export async function dropImage(Key: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: process.env.THUMBNAILS!, Key }));
}
