import { ExecuteStatementCommand, RDSDataClient } from "@aws-sdk/client-rds-data";

const client = new RDSDataClient({});
const where = { resourceArn: process.env.CLUSTER_ARN, secretArn: process.env.DB_SECRET_ARN, database: "library" };

export async function sql(strings, ...values) {
  const text = strings.reduce((before, part, at) => `${before}:p${at - 1}${part}`);
  const parameters = values.map((stringValue, at) => ({ name: `p${at}`, value: { stringValue } }));
  const { records = [] } = await Reflect.apply(client.send, client, [
    new ExecuteStatementCommand({ ...where, sql: text, parameters }),
  ]);
  return records.map((row) => row.map((field) => field.stringValue));
}
