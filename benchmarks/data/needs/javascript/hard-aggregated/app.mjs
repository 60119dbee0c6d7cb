// Aggregated clients, destructured and bound methods.
import { SQS } from "@aws-sdk/client-sqs";
import { SNS as Topics } from "@aws-sdk/client-sns";

const sqs = new SQS({});
const { sendMessage } = sqs;
const publish = Topics.prototype.publish.bind(new Topics({}));
export const handler = async (event) => {
  await sendMessage.call(sqs, { QueueUrl: process.env.QUEUE, MessageBody: "x" });
  await publish({ TopicArn: process.env.TOPIC, Message: "x" });
  await sqs?.["deleteMessage"]({ QueueUrl: process.env.QUEUE, ReceiptHandle: event.handle });
};
