// Hears from the payment gateway, and has the order fulfilled.
import { createHmac } from "node:crypto";
import { getSecret } from "@aws-lambda-powertools/parameters/secrets";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const queue = new SQSClient({});

export const handler = async (event) => {
  const key = await getSecret(process.env.PAYMENTS_SECRET_ARN, { maxAge: 300 });
  const signature = createHmac("sha256", key).update(event.body).digest("hex");
  if (event.headers["x-signature"] !== signature) {
    return { statusCode: 401 };
  }
  await queue.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: event.body }));
  return { statusCode: 202 };
};
