import { TransactWriteCommand, type TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { document, tables } from "./database";

type Item = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

export class UnitOfWork implements AsyncDisposable {
  private readonly items: Item[] = [];

  constructor(private readonly order: string) {}

  take(sku: string, count: number): void {
    this.items.push({
      Update: {
        TableName: tables.stock,
        Key: { sku },
        UpdateExpression: "ADD #level :less",
        ExpressionAttributeNames: { "#level": "level" },
        ExpressionAttributeValues: { ":less": -count },
      },
    });
  }

  reserve(lines: unknown[]): void {
    this.items.push({ Put: { TableName: tables.reservations, Item: { order: this.order, lines } } });
  }

  forget(): void {
    this.items.push({ Delete: { TableName: tables.reservations, Key: { order: this.order } } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await document.send(new TransactWriteCommand({ TransactItems: this.items, ClientRequestToken: this.order }));
  }
}
