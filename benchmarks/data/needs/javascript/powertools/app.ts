import { Logger } from "@aws-lambda-powertools/logger";
import { getParameter } from "@aws-lambda-powertools/parameters/ssm";
import { getSecret } from "@aws-lambda-powertools/parameters/secrets";
import { makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";

const logger = new Logger({ serviceName: "payments" });
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: process.env.IDEMPOTENCY_TABLE! });

const charge = async (event: { paymentId: string }) => {
  const url = await getParameter(process.env.ENDPOINT_PARAMETER!);
  const key = await getSecret("payments/api-key");
  logger.info("charging", { url });
  await fetch(`${url}/charge`, { method: "POST", headers: { authorization: String(key) }, body: JSON.stringify(event) });
};

export const handler = makeIdempotent(charge, { persistenceStore });
