import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { SNSClient, PublishCommand } from "@aws-sdk/client-sns";

const deliver = Symbol("deliver");

class Builder {
  to(id) {
    this.id = id;
    return this;
  }

  saying(text) {
    this.text = text;
    return this;
  }

  // Awaiting a builder is what sends it.
  then(resolve, reject) {
    return this[deliver]().then(resolve, reject);
  }
}

class Letter extends Builder {
  static #client = new SESv2Client({});

  async [deliver]() {
    const content = { Subject: { Data: "Your loans" }, Body: { Text: { Data: this.text } } };
    const { MessageId } = await Letter.#client.send(
      new SendEmailCommand({ FromEmailAddress: process.env.LIBRARY, Destination: { ToAddresses: [this.id] }, Content: { Simple: content } }),
    );
    return MessageId;
  }
}

class Text extends Builder {
  async [deliver]() {
    return new SNSClient({}).send(new PublishCommand({ PhoneNumber: this.id, Message: this.text }));
  }
}

export const request = { letter: () => new Letter(), text: () => new Text() };
