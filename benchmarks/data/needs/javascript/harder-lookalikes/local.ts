import { writeFile } from "node:fs/promises";

export class PutObjectCommand {
  constructor(readonly input: { Bucket: string; Key: string }) {}
}

export class S3 {
  constructor(private readonly folder: string) {}

  putObject(input: { Bucket: string; Key: string }) {
    return writeFile(`${this.folder}/${input.Key}`, "");
  }

  send(command: PutObjectCommand) {
    return this.putObject(command.input);
  }
}
