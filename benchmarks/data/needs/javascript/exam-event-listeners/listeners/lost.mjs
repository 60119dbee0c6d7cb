import { SNSClient, PublishCommand } from "@aws-sdk/client-sns";
import { bus } from "../bus.mjs";

const sns = new SNSClient();

export async function lost({ id }) {
  await sns.send(new PublishCommand({ TopicArn: process.env.LOST_TOPIC, Message: id }));
  bus.publish("noted", { id });
}
