import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";

let client: SESv2Client | undefined;

export async function notify(payload: Record<string, string>) {
  client ??= new SESv2Client({});
  return client.send(new SendEmailCommand({ FromEmailAddress: "robot@example.com", Destination: { ToAddresses: [payload.to] } }));
}
