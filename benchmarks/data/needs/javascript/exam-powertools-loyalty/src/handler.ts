import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { PutEventsCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { partnerKey, rules } from "./configuration";

const processor = new BatchProcessor(EventType.SQS);
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: process.env.SEEN_TABLE! });
const config = new IdempotencyConfig({ eventKeyJmesPath: "purchase" });
const bus = new EventBridgeClient({});

interface Purchase {
  purchase: string;
  customer: string;
  cents: number;
}

const points = makeIdempotent(
  async ({ customer, cents }: Purchase): Promise<{ customer: string; points: number }> => {
    const { perEuro = 1, limit = 1000 } = await rules();
    const earned = Math.min(Math.floor(cents / 100) * perEuro, limit);
    await bus.send(
      new PutEventsCommand({
        Entries: [{ EventBusName: process.env.LOYALTY_BUS, Source: "loyalty", DetailType: "earned", Detail: JSON.stringify({ customer, earned }) }],
      }),
    );
    return { customer, points: earned };
  },
  { persistenceStore, config },
);

const one = async (record: SQSRecord): Promise<void> => {
  const purchase = JSON.parse(record.body) as Purchase & { signature: string };
  if (!purchase.signature.endsWith(await partnerKey())) throw new Error("signed by somebody else");
  await points(purchase);
};

export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  processPartialResponse(event, one, processor, { context });
