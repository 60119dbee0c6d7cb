import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchGetCommand, DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";

export interface Entity {
  id: string;
}

export interface Repository<T extends Entity> {
  find(id: string): Promise<T>;
  find(id: string[]): Promise<T[]>;
  save(entity: T): Promise<void>;
}

export abstract class TableRepository<T extends Entity> implements Repository<T> {
  protected readonly client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  protected abstract readonly table: string;

  find(id: string): Promise<T>;
  find(id: string[]): Promise<T[]>;
  async find(id: string | string[]): Promise<T | T[]> {
    if (Array.isArray(id)) {
      const wanted = { [this.table]: { Keys: id.map((one) => ({ id: one })) } };
      const { Responses } = await this.client.send(new BatchGetCommand({ RequestItems: wanted }));
      return Responses![this.table] as T[];
    }
    const { Item } = await this.client.send(new GetCommand({ TableName: this.table, Key: { id } }));
    return Item as T;
  }

  async save(entity: T): Promise<void> {
    await this.client.send(new PutCommand({ TableName: this.table, Item: entity }));
  }

  async all(): Promise<T[]> {
    return (await this.client.send(new ScanCommand({ TableName: this.table }))).Items as T[];
  }
}
