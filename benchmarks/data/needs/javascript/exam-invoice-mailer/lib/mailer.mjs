import { SendEmailCommand } from "@aws-sdk/client-sesv2";

export function createMailer({ client, from = process.env.FROM_ADDRESS }) {
  const outbox = {
    sent: 0,
    send(message) {
      this.sent += 1;
      return message;
    },
  };
  return {
    async send({ to, text }) {
      outbox.send({ to });
      return client.send(
        new SendEmailCommand({
          FromEmailAddress: from,
          Destination: { ToAddresses: [to] },
          Content: { Simple: { Subject: { Data: "Invoice" }, Body: { Text: { Data: text } } } },
        }),
      );
    },
  };
}
