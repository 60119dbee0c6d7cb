import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DeleteCommand, DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";

export abstract class Repository<T extends object> {
  protected abstract readonly table: string;
  protected abstract key(one: T): Partial<T>;

  protected constructor(protected readonly documents: DynamoDBDocumentClient) {}

  static create<R>(this: new (documents: DynamoDBDocumentClient) => R): R {
    return new this(DynamoDBDocumentClient.from(new DynamoDBClient({})));
  }

  async addAll(all: readonly T[]): Promise<void> {
    const requests = all.map((Item) => ({ PutRequest: { Item } }));
    while (requests.length > 0) {
      await this.documents.send(new BatchWriteCommand({ RequestItems: { [this.table]: requests.splice(0, 25) } }));
    }
  }

  async of<K extends keyof T>(name: K, value: T[K]): Promise<T[]> {
    const found = await this.documents.send(
      new QueryCommand({
        TableName: this.table,
        KeyConditionExpression: "#n = :v",
        ExpressionAttributeNames: { "#n": String(name) },
        ExpressionAttributeValues: { ":v": value },
      }),
    );
    return (found.Items ?? []) as T[];
  }

  remove(one: T) {
    return this.documents.send(new DeleteCommand({ TableName: this.table, Key: this.key(one) }));
  }
}
