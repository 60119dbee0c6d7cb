import { S3 } from "@aws-sdk/client-s3";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";

export const queue = Symbol("queue");

export class Clients {
  static #made = new Map<unknown, unknown>();

  static #once<T>(type: new (options: object) => T): T {
    let found = Clients.#made.get(type) as T | undefined;
    if (!found) Clients.#made.set(type, (found = new type({})));
    return found;
  }

  static get s3(): S3 {
    return this.#once(S3);
  }

  static get topics(): SNS {
    return this.#once(SNS);
  }

  static get [queue](): SQS {
    return this.#once(SQS);
  }
}
