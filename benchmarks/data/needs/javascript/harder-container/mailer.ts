import { SESv2Client, SendEmailCommand, GetAccountCommand } from "@aws-sdk/client-sesv2";
import type { Settings } from "./settings";

export class Mailer {
  static needs = ["settings"];
  private readonly client = new SESv2Client({});

  constructor(private readonly settings: Settings) {}

  async send(to: string, text: string) {
    const { from } = await this.settings.all();
    const content = { Simple: { Subject: { Data: "hello" }, Body: { Text: { Data: text } } } };
    return this.client.send(new SendEmailCommand({ FromEmailAddress: from, Destination: { ToAddresses: [to] }, Content: content }));
  }

  quota() {
    return this.client.send(new GetAccountCommand({}));
  }
}
