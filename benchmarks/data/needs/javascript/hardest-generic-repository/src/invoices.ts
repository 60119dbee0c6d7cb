import { PutObjectCommand, S3Client, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import { TableRepository, type Entity } from "./repository";

export class InvoiceRepository<T extends Entity> extends TableRepository<T> {
  protected override readonly table = process.env["INVOICES"] as string;
  readonly #copies: S3Client;

  constructor(copies?: S3Client) {
    super();
    this.#copies = copies ?? new S3Client({});
  }

  override async save(entity: T): Promise<void> {
    await super.save(entity);
    const input = {
      Bucket: process.env.COPIES!,
      Key: `invoices/${entity.id}.json`,
      Body: JSON.stringify(entity),
      Tagging: "kind=copy",
    } satisfies PutObjectCommandInput;
    await this.#copies.send(new PutObjectCommand(input));
  }
}
