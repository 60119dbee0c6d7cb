import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

export const returned = ({ id }) =>
  new SQSClient().send(new SendMessageCommand({ QueueUrl: process.env.RETURNS_URL, MessageBody: id }));
