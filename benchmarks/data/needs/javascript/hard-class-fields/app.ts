// Fields, private ones and accessors of classes in TypeScript.
import { S3Client, GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";

abstract class Base<T> {
  protected readonly client = new S3Client({});
  readonly #bucket: string = process.env.BUCKET!;
  protected get bucket(): string {
    return this.#bucket;
  }
  abstract run(key: string): Promise<T>;
}
class Reader extends Base<unknown> {
  private exists = async (Key: string) => this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key }));
  override async run(key: string) {
    await this.exists(key);
    return this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
  }
}
const one = new Reader();
export const handler = (event: { key: string }) => one.run(event.key);
