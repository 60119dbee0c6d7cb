// Items of transactions that a builder collects.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument, type TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";

type Items = NonNullable<TransactWriteCommandInput["TransactItems"]>;
class Transaction {
  private readonly items: Items = [];
  constructor(private readonly db: DynamoDBDocument) {}
  put(TableName: string, Item: Record<string, unknown>) {
    this.items.push({ Put: { TableName, Item } });
    return this;
  }
  drop(TableName: string, id: string) {
    this.items.push({ Delete: { TableName, Key: { id } } });
    return this;
  }
  commit() {
    return this.db.transactWrite({ TransactItems: this.items });
  }
}
export const handler = async (event: { id: string }) =>
  new Transaction(DynamoDBDocument.from(new DynamoDBClient({})))
    .put(process.env.NEW!, { id: event.id })
    .drop(process.env.OLD!, event.id)
    .commit();
