import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { Customer } from './channels'

/** Remembers what it was asked, by a getter that makes itself a value. */
export class Preferences {
  private readonly known: Record<string, Promise<Customer | undefined>> = {}

  get client(): DynamoDBClient {
    const value = new DynamoDBClient({ region: process.env.PREFERENCES_REGION })
    Object.defineProperty(this, 'client', { value })
    return value
  }

  of(id: string): Promise<Customer | undefined> {
    return (this.known[id] ??= this.load({ id }))
  }

  private async load(key: Pick<Customer, 'id'>): Promise<Customer | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: process.env['PREFERENCES_TABLE'], Key: marshall(key) })
    )
    return Item && (unmarshall(Item) as Customer)
  }

  async save(customer: Customer): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: process.env['PREFERENCES_TABLE'], Item: marshall(customer) }))
  }
}
