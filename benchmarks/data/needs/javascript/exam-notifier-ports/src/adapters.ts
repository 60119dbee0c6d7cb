import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Container } from "./container";
import { TOKENS, type Notice, type Notifier, type Preferences } from "./ports";

class TablePreferences implements Preferences {
  constructor(private readonly dynamodb: DynamoDB) {}

  async of(user: string): Promise<string> {
    const { Item } = await this.dynamodb.getItem({ TableName: process.env.PREFERENCES!, Key: { user: { S: user } } });
    return Item?.how?.S ?? "push";
  }
}

abstract class Polite implements Notifier {
  protected abstract deliver(notice: Notice): Promise<unknown>;

  async notify(notice: Notice): Promise<void> {
    await this.deliver({ ...notice, text: `Hello! ${notice.text}` });
  }
}

class Mail extends Polite {
  private readonly client = new SESv2Client({});

  protected deliver({ user, text }: Notice): Promise<unknown> {
    return this.client.send(
      new SendEmailCommand({
        FromEmailAddress: process.env.SENDER,
        Destination: { ToAddresses: [user] },
        Content: { Simple: { Subject: { Data: "News" }, Body: { Text: { Data: text } } } },
      }),
    );
  }
}

class Push extends Polite {
  constructor(private readonly client: SNSClient, private readonly topic: string) {
    super();
  }

  protected deliver({ text }: Notice): Promise<unknown> {
    return this.client.send(new PublishCommand({ TopicArn: this.topic, Message: text }));
  }
}

class Fax extends Polite {
  protected async deliver({ text }: Notice): Promise<unknown> {
    return new DynamoDB({}).putItem({ TableName: "faxes", Item: { text: { S: text } } });
  }
}

export const register = (container: Container): Container =>
  container
    .bind<Preferences>(TOKENS.preferences, () => new TablePreferences(new DynamoDB({})))
    .bind<Notifier>(TOKENS.mail, () => new Mail())
    .bind<Notifier>(TOKENS.push, () => new Push(new SNSClient({}), process.env.PUSH_TOPIC!))
    .bind<Notifier>(TOKENS.fax, () => new Fax());
