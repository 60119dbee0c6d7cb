import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { SNS } from "@aws-sdk/client-sns";
import { UserRepository, type Repository } from "./repository";

export class UserService {
  constructor(
    private readonly users: Repository,
    private readonly sns: SNS,
    private readonly topic = process.env.USERS_TOPIC,
  ) {}

  find(id: string) {
    return this.users.get(id);
  }

  async rename(id: string, name: string) {
    await this.users.update(id, { name });
    await this.sns.publish({ TopicArn: this.topic, Message: JSON.stringify({ id, name }) });
  }

  async remove(id: string) {
    await this.users.delete(id);
  }
}

export const makeService = () =>
  new UserService(new UserRepository(DynamoDBDocument.from(new DynamoDBClient({}))), new SNS({}));
