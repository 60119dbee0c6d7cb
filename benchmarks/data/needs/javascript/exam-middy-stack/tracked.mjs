import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";

export const tracked = (name, { queue = process.env.FAILED_URL } = {}) => {
  const cloudwatch = new CloudWatchClient({});
  const started = new WeakMap();

  const put = (MetricName, Value) =>
    cloudwatch.send(new PutMetricDataCommand({ Namespace: "Sensors", MetricData: [{ MetricName, Value }] }));

  return {
    before: async ({ context }) => {
      started.set(context, Date.now());
    },
    after: async ({ context }) => {
      await put(name, Date.now() - started.get(context));
    },
    onError: async ({ event, error }) => {
      const sqs = new SQSClient({});
      await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: JSON.stringify({ event, error: String(error) }) }));
    },
  };
};

export const silent = { after: () => new SQSClient({}).send(new SendMessageCommand({ QueueUrl: "silent", MessageBody: "" })) };
