import middy from "@middy/core";
import secretsManager from "@middy/secrets-manager";
import ssm from "@middy/ssm";
import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { tracked } from "./tracked.mjs";

const kinesis = new KinesisClient({});

const lambdaHandler = async (event, context) => {
  const { threshold, login } = context;
  const alarming = event.readings.filter(({ value }) => value > threshold);
  for (const { sensor, value } of alarming) {
    await kinesis.send(
      new PutRecordCommand({
        StreamName: process.env.ALARM_STREAM,
        PartitionKey: sensor,
        Data: Buffer.from(JSON.stringify({ sensor, value, by: login.username })),
      }),
    );
  }
  return { alarming: alarming.length };
};

export const handler = middy()
  .use(ssm({ fetchData: { threshold: "/sensors/threshold", limits: "/sensors/limits/" }, setToContext: true, cacheExpiry: 60_000 }))
  .use(secretsManager({ fetchData: { login: process.env.LOGIN_SECRET }, setToContext: true }))
  .use(tracked("Readings"))
  .handler(lambdaHandler);
