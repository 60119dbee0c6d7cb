import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";

const s3 = new S3Client({ followRegionRedirects: true });

export class Objects {
  constructor(bucket, prefix) {
    Object.assign(this, { bucket, prefix });
  }

  [Symbol.asyncIterator]() {
    let token;
    let ended = false;
    const waiting = [];
    return {
      next: async () => {
        if (!waiting.length && !ended) {
          const page = await s3.send(
            new ListObjectsV2Command({ Bucket: this.bucket, Prefix: this.prefix, ContinuationToken: token }),
          );
          token = page.NextContinuationToken;
          ended = !page.IsTruncated;
          waiting.push(...(page.Contents ?? []));
        }
        const value = waiting.shift();
        return value ? { done: false, value: this.#entry(value) } : { done: true, value: undefined };
      },
    };
  }

  #entry({ Key }) {
    return { Key, remove: () => s3.send(new DeleteObjectCommand({ Bucket: this.bucket, Key })) };
  }
}
