import { PublishCommand } from "@aws-sdk/client-sns";
import { sns } from "./clients";

const notifier = {
  alarm: (key: string) =>
    sns.send(new PublishCommand({ TopicArn: process.env.ALARM_TOPIC, Message: `bad: ${key}` })),
};

export { notifier, notifier as default };
