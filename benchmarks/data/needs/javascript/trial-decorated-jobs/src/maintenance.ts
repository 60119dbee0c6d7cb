import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { SNSClient, PublishCommand } from '@aws-sdk/client-sns'
import { Job, Measured } from './decorators'

interface Session {
  id: string
  until: number
}

class Summary {
  private readonly lines: string[] = []

  /** Into a text; no topic knows of it. */
  publish(line: string): this {
    this.lines.push(line)
    return this
  }

  toString(): string {
    return this.lines.join('\n')
  }
}

export class Maintenance {
  private readonly db = DynamoDBDocumentClient.from(new DynamoDBClient({}))

  constructor(private readonly table: string) {}

  @Job('expire')
  @Measured('sessions')
  async expire(): Promise<number> {
    const old = await this.old()
    for (const { id } of old) await this.db.send(new DeleteCommand({ TableName: this.table, Key: { id } }))
    await new EventBridgeClient({}).send(
      new PutEventsCommand({ Entries: [{ Source: 'sessions', DetailType: 'expired', Detail: `${old.length}` }] })
    )
    return old.length
  }

  @Job('summary')
  async summary(): Promise<void> {
    const text = new Summary().publish('sessions').publish(`${(await this.old()).length} are old`)
    await new SNSClient({}).send(new PublishCommand({ TopicArn: process.env.SUMMARY_TOPIC, Message: `${text}` }))
  }

  /** No job since there is no index any more. */
  @Measured('sessions')
  async byUser(user: string) {
    return this.db.send(new QueryCommand({ TableName: this.table, IndexName: 'by-user', KeyConditions: { user: { ComparisonOperator: 'EQ', AttributeValueList: [user] } } }))
  }

  private async old(): Promise<Session[]> {
    const { Items = [] } = await this.db.send(new ScanCommand({ TableName: this.table }))
    return (Items as Session[]).filter(({ until }) => until < Date.now())
  }
}
