import { DeleteCommand, GetCommand, PutCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

export interface Order {
  id: string;
  lines: { sku: string; count: number }[];
}

export class Orders {
  readonly #seen = new Map<string, Order>();

  constructor(
    private readonly document: DynamoDBDocumentClient,
    private readonly table: string,
  ) {}

  async get(id: string): Promise<Order | undefined> {
    const known = this.#seen.get(id);
    if (known) return known;
    const { Item } = await this.document.send(new GetCommand({ TableName: this.table, Key: { id } }));
    if (Item) this.#seen.set(id, Item as Order);
    return Item as Order | undefined;
  }

  async put(order: Order): Promise<void> {
    await this.document.send(new PutCommand({ TableName: this.table, Item: order }));
    this.#seen.delete(order.id);
  }

  async delete(id: string): Promise<void> {
    await this.document.send(new DeleteCommand({ TableName: this.table, Key: { id } }));
  }
}
