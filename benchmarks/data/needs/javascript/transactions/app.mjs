import { DynamoDBClient, TransactWriteItemsCommand, BatchGetItemCommand } from "@aws-sdk/client-dynamodb";

const db = new DynamoDBClient({});
const { ACCOUNTS, LEDGER } = process.env;

export const handler = async ({ from, to, amount }) => {
  const { Responses } = await db.send(
    new BatchGetItemCommand({ RequestItems: { [ACCOUNTS]: { Keys: [{ id: { S: from } }, { id: { S: to } }] } } }),
  );
  if (Responses[ACCOUNTS].length < 2) throw new Error("no such account");
  const move = (id, by) => ({
    Update: { TableName: ACCOUNTS, Key: { id: { S: id } }, UpdateExpression: "ADD balance :b", ExpressionAttributeValues: { ":b": { N: String(by) } } },
  });
  await db.send(
    new TransactWriteItemsCommand({
      TransactItems: [move(from, -amount), move(to, amount), { Put: { TableName: LEDGER, Item: { id: { S: `${from}-${Date.now()}` } } } }],
    }),
  );
};
