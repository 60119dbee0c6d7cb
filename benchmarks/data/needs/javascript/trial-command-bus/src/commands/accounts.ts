import { randomUUID } from 'node:crypto'
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { Command, CommandHandler } from '../bus'

abstract class Dated implements Command {
  readonly at = new Date()
}

export class OpenAccount extends Dated {
  constructor(readonly owner: string, readonly currency: string) {
    super()
  }
}

export class CloseAccount extends Dated {
  constructor(readonly id: string) {
    super()
  }
}

abstract class AccountHandler<C extends Command> implements CommandHandler<C> {
  protected readonly table = process.env.ACCOUNTS_TABLE as string
  protected readonly db = new DynamoDBClient({})
  private readonly events = new EventBridgeClient({})

  abstract handle(command: C): Promise<void>

  protected async tell(DetailType: string, detail: object): Promise<void> {
    await this.events.send(
      new PutEventsCommand({
        Entries: [{ EventBusName: process.env.BUS, Source: 'accounts', DetailType, Detail: JSON.stringify(detail) }],
      })
    )
  }
}

export class OpenAccountHandler extends AccountHandler<OpenAccount> {
  async handle({ owner, currency, at }: OpenAccount): Promise<void> {
    const id = randomUUID()
    await this.db.send(
      new PutItemCommand({ TableName: this.table, Item: marshall({ id, owner, currency, opened: at.toISOString() }) })
    )
    await this.tell('opened', { id })
  }
}

export class CloseAccountHandler extends AccountHandler<CloseAccount> {
  async handle({ id }: CloseAccount): Promise<void> {
    await this.db.send(
      new UpdateItemCommand({ TableName: this.table, Key: marshall({ id }), UpdateExpression: 'REMOVE opened' })
    )
    await this.tell('closed', { id })
  }
}
