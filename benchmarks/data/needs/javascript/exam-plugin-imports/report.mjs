import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";

export default class Report {
  constructor(state) {
    Object.assign(this, state);
  }

  async save() {
    const Item = marshall({ key: this.key, notes: this.notes, scanned: this.scanned ?? false });
    await new DynamoDBClient({}).send(new PutItemCommand({ TableName: process.env.REPORTS, Item }));
    return this.key;
  }
}
