import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

export class Courier {
  #client;
  #target;

  constructor(client, target) {
    this.#client = client;
    this.#target = target;
  }

  get target() {
    return this.#target;
  }

  static for(channel) {
    switch (channel) {
      case "queue":
        return new QueueCourier(new SQSClient({}), process.env.QUEUE_URL);
      case "topic":
        return new TopicCourier(new SNSClient({}), process.env.TOPIC_ARN);
      default:
        throw new Error(`no channel ${channel}`);
    }
  }

  async deliver(event) {
    return this.#client.send(this.command(JSON.stringify(event)));
  }
}

class QueueCourier extends Courier {
  command(MessageBody) {
    return new SendMessageCommand({ QueueUrl: this.target, MessageBody });
  }
}

class TopicCourier extends Courier {
  command(Message) {
    return new PublishCommand({ TopicArn: this.target, Message });
  }
}
