import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";

export class Registry {
  static #shared;
  static #table;
  #document = DynamoDBDocument.from(new DynamoDB({}), { marshallOptions: { removeUndefinedValues: true } });

  static {
    Registry.#table = process.env.CUSTOMERS;
  }

  static get shared() {
    return (this.#shared ??= new Registry());
  }

  async lookup(id) {
    const { Item } = await this.#document.get({ TableName: Registry.#table, Key: { id } });
    return { known: Item !== undefined };
  }

  async remember(id) {
    await this.#write({ id, since: Date.now() });
  }

  #write(Item) {
    return this.#document.put({ TableName: Registry.#table, Item });
  }

  async forget(id) {
    await this.#document.delete({ TableName: Registry.#table, Key: { id } });
  }
}
