import { DynamoDBClient, DeleteItemCommand, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { FirehoseClient, PutRecordCommand } from "@aws-sdk/client-firehose";
import { S3Client } from "@aws-sdk/client-s3";

const dynamodb = new DynamoDBClient({});
const TableName = process.env.LEASES_TABLE;

export const withLease = (name) => (inner) => async (event, context) => {
  const lease = { id: { S: name } };
  await dynamodb.send(
    new PutItemCommand({ TableName, Item: lease, ConditionExpression: "attribute_not_exists(id)" }),
  );
  try {
    return await inner(event, context);
  } finally {
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: lease }));
  }
};

export function withAudit(inner) {
  const firehose = new FirehoseClient({ maxAttempts: 5 });
  const record = (data) =>
    firehose.send(
      new PutRecordCommand({
        DeliveryStreamName: process.env.AUDIT_STREAM,
        Record: { Data: Buffer.from(`${JSON.stringify(data)}\n`) },
      }),
    );
  return async (...args) => {
    const result = await inner(...args);
    await record({ result });
    return result;
  };
}

export const withClients = (inner) => (event, context) => inner(event, { ...context, s3: new S3Client({}) });

export const withCheckedLease = (name) => (inner) => async (event, context) => {
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: name } } }));
  return Item ? withLease(name)(inner)(event, context) : undefined;
};
