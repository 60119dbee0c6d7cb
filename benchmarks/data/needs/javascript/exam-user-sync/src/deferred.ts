import { SQS, type SQSClientConfig } from "@aws-sdk/client-sqs";

interface Options extends SQSClientConfig {
  url: string;
}

export class Deferred<T extends object> {
  private readonly sqs: SQS;
  private readonly url: string;

  constructor({ url, ...config }: Options) {
    this.sqs = new SQS(config);
    this.url = url;
  }

  async push(...things: T[]): Promise<void> {
    for (const thing of things) {
      await this.sqs.sendMessage({ QueueUrl: this.url, MessageBody: JSON.stringify(thing) });
    }
  }
}
