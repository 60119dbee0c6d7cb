import { BatchGetCommand, DeleteCommand, paginateQuery } from "@aws-sdk/lib-dynamodb";
import { document, tables } from "./database";

export class Stock {
  async levels(skus: string[]): Promise<Map<string, number>> {
    const { Responses = {} } = await document.send(
      new BatchGetCommand({ RequestItems: { [tables.stock]: { Keys: skus.map((sku) => ({ sku })) } } }),
    );
    return new Map((Responses[tables.stock] ?? []).map(({ sku, level }) => [sku, level]));
  }

  async low(): Promise<string[]> {
    const found: string[] = [];
    const pages = paginateQuery(
      { client: document },
      { TableName: tables.stock, IndexName: "by-level", KeyConditionExpression: "shelf = :shelf", ExpressionAttributeValues: { ":shelf": "low" } },
    );
    for await (const { Items = [] } of pages) found.push(...Items.map(({ sku }) => sku));
    return found;
  }

  async delete(sku: string): Promise<void> {
    await document.send(new DeleteCommand({ TableName: tables.stock, Key: { sku } }));
  }
}
