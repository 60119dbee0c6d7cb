// Works off a queue of jobs: each becomes an item in the table.

import { getSecret } from "@aws-lambda-powertools/parameters/secrets";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

const dynamodb = new DynamoDBClient({});

// Fetched when it is first needed, then kept for five minutes. Don't log it.
const apiKey = () => getSecret(process.env.API_KEY_SECRET_ARN, { maxAge: 300 });

/** Handle a batch; only the jobs that failed come back. */
export const handler = async (event) => {
  const batchItemFailures = [];
  for (const record of event.Records) {
    try {
      await work(JSON.parse(record.body));
    } catch (error) {
      // One bad job must not hold up the others; SQS hands it out again.
      console.error(JSON.stringify({ message: "a job failed", job: record.messageId, error: String(error) }));
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
};

/** Your part. */
const work = async (job) => {
  if (!(await apiKey())) throw new Error("the API key is empty");
  if (!job.id) throw new Error("the job has no id");
  const Item = { id: { S: String(job.id) }, done: { BOOL: true } };
  await dynamodb.send(new PutItemCommand({ TableName: process.env.TABLE_NAME, Item }));
};
