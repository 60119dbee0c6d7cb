import { fromTemporaryCredentials } from '@aws-sdk/credential-providers'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { BatchWriteCommand, DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb'

type Newable<T> = new (config: any) => T

/** Makes clients; of whom is decided by the configuration that it closes over. */
export class Clients {
  constructor(private readonly config: Record<string, unknown>) {}

  make = <T>(Kind: Newable<T>): T => new Kind({ ...this.config, maxAttempts: 5 })
}

class Own extends Clients {
  private readonly table = process.env.USAGE_TABLE!
  private readonly db = DynamoDBDocumentClient.from(this.make(DynamoDBClient))

  async accounts(): Promise<string[]> {
    const found: string[] = []
    const pages = paginateQuery(
      { client: this.db },
      { TableName: this.table, KeyConditionExpression: 'pk = :a', ExpressionAttributeValues: { ':a': 'ACCOUNT' } }
    )
    for await (const { Items } of pages) found.push(...(Items ?? []).map(({ sk }) => sk as string))
    return found
  }

  async save(rows: object[]): Promise<void> {
    const requests = rows.map((row) => ({ PutRequest: { Item: { pk: 'USAGE', sk: new Date().toISOString(), ...row } } }))
    await this.db.send(new BatchWriteCommand({ RequestItems: { [this.table]: requests } }))
  }
}

export const own = (): Own => new Own({})

export const tenant = (account: string): Clients =>
  new Clients({
    credentials: fromTemporaryCredentials({
      params: { RoleArn: `arn:aws:iam::${account}:role/${process.env.READER_ROLE}`, RoleSessionName: 'usage' },
    }),
  })
