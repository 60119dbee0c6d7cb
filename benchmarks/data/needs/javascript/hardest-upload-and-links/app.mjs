// Large uploads, links for others, and what waits until something is there.
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client, waitUntilObjectExists } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { PassThrough } from "node:stream";
import { createGzip } from "node:zlib";
import { MediaConvertClient, CreateJobCommand, waitUntilJobComplete } from "./media.mjs";

const s3 = new S3Client({});
const [incoming, outgoing] = [process.env.INCOMING, process.env.OUTGOING];

const link = Object.entries({ get: GetObjectCommand, put: PutObjectCommand }).reduce(
  (all, [name, Command]) => ({
    ...all,
    [name]: (Bucket, Key) => getSignedUrl(s3, new Command({ Bucket, Key }), { expiresIn: 600 }),
  }),
  {},
);

async function packed(Key) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: incoming, Key }));
  const through = new PassThrough();
  Body.pipe(createGzip()).pipe(through);
  const upload = new Upload({ client: s3, params: { Bucket: outgoing, Key: `${Key}.gz`, Body: through }, queueSize: 2 });
  upload.on("httpUploadProgress", ({ loaded }) => console.log(loaded));
  return upload.done();
}

export const handler = async ({ key, ask }) => {
  if (ask === "form") return createPresignedPost(s3, { Bucket: incoming, Key: key });
  if (ask === "link") return { get: await link.get(outgoing, key) };
  await packed(key);
  await waitUntilObjectExists({ client: s3, maxWaitTime: 30 }, { Bucket: outgoing, Key: `${key}.gz` });
  const media = new MediaConvertClient({});
  const { Job } = await media.send(new CreateJobCommand({ Role: process.env.MEDIA_ROLE, Settings: { Inputs: [] } }));
  await waitUntilJobComplete(media, Job.Id);
  return s3.send(new HeadObjectCommand({ Bucket: outgoing, Key: key }));
};
