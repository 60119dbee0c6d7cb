// Classes that functions make of other classes.
import { S3 } from "@aws-sdk/client-s3";
import { audited } from "./audited.mjs";

class Store {
  constructor(bucket) {
    this.bucket = bucket;
    this.s3 = new S3({});
  }

  save(key, body) {
    return this.s3.putObject({ Bucket: this.bucket, Key: key, Body: body });
  }

  remove(key) {
    return this.s3.deleteObject({ Bucket: this.bucket, Key: key });
  }
}

const frozen = (Base) =>
  class extends Base {
    remove() {
      throw new Error("frozen");
    }
  };

const Archive = [frozen, audited].reduce((Base, mixin) => mixin(Base), Store);

export async function handler(event) {
  const archive = new Archive(process.env.BUCKET);
  await archive.save(event.key, event.body);
  if (event.remove) await archive.remove(event.key);
}
