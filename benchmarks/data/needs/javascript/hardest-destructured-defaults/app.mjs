// Clients are defaults of what is destructured, and are called by optional chaining.
import { S3 } from "@aws-sdk/client-s3";
import { Rekognition } from "@aws-sdk/client-rekognition";
import * as metrics from "./metrics.mjs";

const defaults = { s3: new S3(), eyes: new Rekognition(), bucket: process.env.FACES, collection: process.env.COLLECTION };

async function search({ bytes, eyes = defaults.eyes, collection: CollectionId = defaults.collection }) {
  const { FaceMatches: [best] = [] } = (await eyes.searchFacesByImage?.({ CollectionId, Image: { Bytes: bytes } })) ?? {};
  return best?.Face?.FaceId ?? null;
}

function storage({ s3 = defaults.s3, bucket: Bucket = defaults.bucket, ...others } = {}) {
  const at = (Key) => ({ Bucket, Key, ...others });
  return {
    read: async (Key) => (await s3.getObject(at(Key)))?.Body?.transformToByteArray?.(),
    remove: (Key) => s3?.deleteObject(at(Key)),
    versions: ({ prefix: Prefix } = {}) => s3.listObjectVersions({ Bucket, Prefix }),
  };
}

export const handler = async ({ key, remove = false }, _context, { count = metrics.count } = {}) => {
  const store = storage();
  const bytes = await store.read(key);
  const face = await search({ bytes });
  const then = remove ? store.remove : metrics.ignored;
  await then?.(key);
  await count(face ? "known" : "unknown");
  return { face };
};
