import { GetObjectCommand, PutObjectTaggingCommand } from "@aws-sdk/client-s3";
import { s3 } from "./clients";
import type { Verdict } from "./types";

const marker = "EICAR";

export async function scanObject(Bucket: string, Key: string): Promise<Verdict> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, Range: "bytes=0-1023" }));
  const bad = (await Body!.transformToString()).includes(marker);
  const TagSet = [{ Key: "scanned", Value: String(bad) }];
  await s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
  return { key: Key, bad };
}

export async function quarantine(Bucket: string, Key: string): Promise<void> {
  const { DeleteObjectCommand } = await import("@aws-sdk/client-s3");
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
}
