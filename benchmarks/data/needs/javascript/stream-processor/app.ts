import type { DynamoDBStreamEvent } from "aws-lambda";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { CloudWatch } from "@aws-sdk/client-cloudwatch";

const firehose = new FirehoseClient({});
const cloudwatch = new CloudWatch({});

export const handler = async ({ Records }: DynamoDBStreamEvent) => {
  const images = Records.filter((r) => r.eventName !== "REMOVE").map((r) => unmarshall(r.dynamodb!.NewImage as never));
  if (images.length === 0) return;
  const input = {
    DeliveryStreamName: process.env.STREAM,
    Records: images.map((one) => ({ Data: Buffer.from(JSON.stringify(one) + "\n") })),
  };
  await firehose.send(new PutRecordBatchCommand(input));
  await cloudwatch.putMetricData({ Namespace: "orders", MetricData: [{ MetricName: "written", Value: images.length }] });
};
