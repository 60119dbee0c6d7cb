import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { SFNClient, SendTaskFailureCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn'
import { SchedulerClient, CreateScheduleCommand } from '@aws-sdk/client-scheduler'
import { SESClient, SendTemplatedEmailCommand } from '@aws-sdk/client-ses'
import type { Approval, Effect } from './machine'

type Perform = (approval: Approval, token?: string) => Promise<unknown>

export class Approvals {
  private readonly documents = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  private readonly steps = new SFNClient({})

  private readonly effects: Record<Effect, Perform> = {
    mail: async ({ id }) =>
      new SESClient({}).send(
        new SendTemplatedEmailCommand({
          Source: process.env.APPROVALS_FROM,
          Destination: { ToAddresses: ['boss@example.com'] },
          Template: 'approval',
          TemplateData: JSON.stringify({ id }),
        })
      ),
    resume: (approval, taskToken) =>
      this.steps.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(approval) })),
    fail: (approval, taskToken) =>
      this.steps.send(new SendTaskFailureCommand({ taskToken, error: 'Refused', cause: approval.id })),
    remindLater: (approval) => this.remindLater(approval),
  }

  constructor(private readonly TableName: string) {}

  async load(id: string): Promise<Approval | undefined> {
    const { Item } = await this.documents.send(new GetCommand({ TableName: this.TableName, Key: { id } }))
    return Item as Approval | undefined
  }

  save(Item: Approval) {
    return this.documents.send(new PutCommand({ TableName: this.TableName, Item }))
  }

  perform(effect: Effect, ...rest: Parameters<Perform>) {
    return this.effects[effect](...rest)
  }

  withdraw(id: string) {
    return this.documents.send(new DeleteCommand({ TableName: this.TableName, Key: { id } }))
  }

  private async remindLater({ id }: Approval) {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 19)
    await new SchedulerClient({}).send(
      new CreateScheduleCommand({
        Name: `remind-${id}`,
        GroupName: 'approvals',
        ScheduleExpression: `at(${tomorrow})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: process.env.REMINDER_ARN, RoleArn: process.env.REMINDER_ROLE_ARN, Input: JSON.stringify({ id }) },
      })
    )
  }
}
