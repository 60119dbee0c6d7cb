import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { KMS } from "@aws-sdk/client-kms";

export abstract class BaseHandler<T> {
  protected readonly db = new DynamoDB({});
  #kms = new KMS({});

  async run(event: { body: string }) {
    const plain = await this.#kms.decrypt({ KeyId: process.env.KEY_ID, CiphertextBlob: Buffer.from(event.body, "base64") });
    return this.execute(JSON.parse(Buffer.from(plain.Plaintext!).toString()));
  }

  protected abstract execute(input: T): Promise<unknown>;

  protected store(id: string, state: string) {
    return this.db.putItem({ TableName: process.env.STATES, Item: { id: { S: id }, state: { S: state } } });
  }

  protected erase(id: string) {
    return this.db.deleteItem({ TableName: process.env.STATES, Key: { id: { S: id } } });
  }
}
