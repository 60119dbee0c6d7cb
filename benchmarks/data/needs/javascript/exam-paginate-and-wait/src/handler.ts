import { CreateTableCommand, DynamoDBClient, paginateScan, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { ECSClient, RunTaskCommand, paginateListTaskDefinitions, waitUntilTasksStopped } from "@aws-sdk/client-ecs";
import { S3Client, paginateListObjectsV2, waitUntilObjectExists } from "@aws-sdk/client-s3";
import { collect, waiting } from "./collect";

const dynamodb = new DynamoDBClient({});
const ecs = new ECSClient({});
const s3 = new S3Client({});

const COPY = `${process.env.SOURCE_TABLE}-copy`;

async function newest(family: string): Promise<string | undefined> {
  const pages = paginateListTaskDefinitions({ client: ecs, pageSize: 50 }, { familyPrefix: family, sort: "DESC" });
  for await (const { taskDefinitionArns } of pages) return taskDefinitionArns?.[0];
  return undefined;
}

export const handler = async (): Promise<{ rows: number; files: number }> => {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: COPY,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 600 }, { TableName: COPY });
  const rows = await collect(paginateScan({ client: dynamodb }, { TableName: process.env.SOURCE_TABLE }), ({ Items }) => Items);
  await waiting(waitUntilObjectExists, s3)({ Bucket: process.env.EXPORT_BUCKET!, Key: "ready" });
  const files = await collect(
    paginateListObjectsV2({ client: s3 }, { Bucket: process.env.EXPORT_BUCKET!, Prefix: "rows/" }),
    ({ Contents }) => Contents,
  );
  if (rows.length !== files.length) await compare();
  return { rows: rows.length, files: files.length };
};

async function compare(): Promise<void> {
  const cluster = process.env.COMPARE_CLUSTER;
  const { tasks = [] } = await ecs.send(new RunTaskCommand({ cluster, taskDefinition: await newest("compare") }));
  await waitUntilTasksStopped({ client: ecs, maxWaitTime: 300 }, { cluster, tasks: tasks.map((task) => task.taskArn!) });
}
