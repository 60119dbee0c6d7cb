import { EventEmitter } from "node:events";
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

const sqs = new SQSClient({});
const events = new EventEmitter();
const pending = [];

events.on("order", (order) => {
  pending.push(sqs.send(new SendMessageCommand({ QueueUrl: process.env.ORDERS_URL, MessageBody: JSON.stringify(order) })));
});

export const handler = async (event) => {
  event.orders.forEach((order) => events.emit("order", order));
  await Promise.all(pending.splice(0));
};
