import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis'
import { SNSClient, PublishCommand } from '@aws-sdk/client-sns'
import { Container } from './container'
import { ALERTS, EXPORTS, NAMES, READINGS, type Alerts, type Readings } from './tokens'

type Names = Record<'readings' | 'averages' | 'topic', string>

class TableReadings implements Readings {
  constructor(private readonly db: DynamoDBDocumentClient, private readonly names: Names) {}

  async add(device: string, celsius: number): Promise<void> {
    await this.db.send(new PutCommand({ TableName: this.names.readings, Item: { device, at: Date.now(), celsius } }))
  }

  async usual(device: string): Promise<number> {
    const { Item } = await this.db.send(new GetCommand({ TableName: this.names.averages, Key: { device } }))
    return Item?.celsius ?? 20
  }
}

const topicAlerts = (client: SNSClient, TopicArn: string): Alerts => ({
  publish: async (Message) => void (await client.send(new PublishCommand({ TopicArn, Message }))),
})

class QuietAlerts implements Alerts {
  constructor(private readonly inner: Alerts, private readonly said = new Set<string>()) {}

  async publish(text: string): Promise<void> {
    if (this.said.has(text)) return
    this.said.add(text)
    await this.inner.publish(text)
  }
}

export const container = new Container()
  .bind<Names>(NAMES, () => ({
    readings: process.env.READINGS_TABLE!,
    averages: process.env.AVERAGES_TABLE!,
    topic: process.env.HEAT_TOPIC!,
  }))
  .bind(READINGS, (from) => new TableReadings(DynamoDBDocumentClient.from(new DynamoDBClient({})), from.get<Names>(NAMES)))
  .bind(ALERTS, (from) => new QuietAlerts(topicAlerts(new SNSClient({}), from.get<Names>(NAMES).topic)))
  // bound, and asked for by nobody
  .bind(EXPORTS, () => (data: Uint8Array) =>
    new KinesisClient({}).send(new PutRecordCommand({ StreamName: 'exports', PartitionKey: '1', Data: data }))
  )
