import type { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";

export interface Repository {
  get(id: string): Promise<unknown>;
  update(id: string, changes: Record<string, unknown>): Promise<void>;
  delete(id: string): Promise<void>;
}

export class UserRepository implements Repository {
  private static readonly TABLE = `users-${process.env.STAGE}`;

  constructor(private readonly db: DynamoDBDocument) {}

  async get(id: string) {
    const found = await this.db.get({ TableName: UserRepository.TABLE, Key: { id } });
    return found.Item;
  }

  async update(id: string, changes: Record<string, unknown>) {
    await this.db.update({ TableName: UserRepository.TABLE, Key: { id }, UpdateExpression: "SET #n = :n" });
  }

  async delete(id: string) {
    await this.db.delete({ TableName: UserRepository.TABLE, Key: { id } });
  }
}
