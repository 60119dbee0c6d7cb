import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { documents as db } from "./clients";
import type { Verdict } from "./types";

export const results = {
  table: process.env.RESULTS!,
  async put(verdict: Verdict) {
    await db.send(new PutCommand({ TableName: this.table, Item: { ...verdict } }));
  },
  async bump(key: string) {
    await db.send(new UpdateCommand({ TableName: this.table, Key: { key }, UpdateExpression: "ADD n :one" }));
  },
};
