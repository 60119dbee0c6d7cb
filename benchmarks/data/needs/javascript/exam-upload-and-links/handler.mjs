import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const s3 = new S3Client({ requestChecksumCalculation: "WHEN_REQUIRED" });
const { ORIGINALS, PACKED, INBOX } = process.env;

const links = {
  read: (Key) => getSignedUrl(s3, new GetObjectCommand({ Bucket: PACKED, Key }), { expiresIn: 900 }),
  head: (Key) => getSignedUrl(s3, new HeadObjectCommand({ Bucket: PACKED, Key })),
  answer: (Key) => createPresignedPost(s3, { Bucket: INBOX, Key, Conditions: [["content-length-range", 0, 1048576]] }),
};

async function pack(Key) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: ORIGINALS, Key }));
  const upload = new Upload({
    client: s3,
    params: { Bucket: PACKED, Key: `${Key}.gz`, Body: Readable.from(Body).pipe(createGzip()) },
    queueSize: 2,
  });
  upload.on("httpUploadProgress", ({ loaded }) => console.log(loaded));
  await upload.done();
  return `${Key}.gz`;
}

// A command that is made and never sent.
const draft = new CopyObjectCommand({ Bucket: PACKED, Key: "draft", CopySource: `${ORIGINALS}/draft` });

export const handler = async ({ key, reply }) => {
  const packed = await pack(key);
  const out = { url: await links.read(packed), would: draft.input.Key };
  if (reply) out.form = await links.answer(`${key}.answer`);
  return out;
};

export const replace = (Key, Body) => s3.send(new PutObjectCommand({ Bucket: ORIGINALS, Key, Body }));
