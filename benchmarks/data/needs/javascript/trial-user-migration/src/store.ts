import DynamoDB from 'aws-sdk/clients/dynamodb'

export interface User {
  name: string
  mail: string
  hash: string
  moved?: number
}

class Store<T extends object, K extends keyof T & string> {
  private readonly documents: DynamoDB.DocumentClient

  constructor(private readonly table: string, private readonly key: K) {
    this.documents = new DynamoDB.DocumentClient({ params: { TableName: table } } as any)
  }

  get = async (value: T[K]): Promise<T | undefined> =>
    (await this.documents.get({ TableName: this.table, Key: { [this.key]: value } }).promise()).Item as T | undefined

  async update(value: T[K], change: Partial<T>): Promise<void> {
    const names = Object.keys(change) as (keyof T & string)[]
    await this.documents
      .update({
        TableName: this.table,
        Key: { [this.key]: value },
        UpdateExpression: `SET ${names.map((name, at) => `#${at} = :${at}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name, at) => [`#${at}`, name])),
        ExpressionAttributeValues: Object.fromEntries(names.map((name, at) => [`:${at}`, change[name]])),
      })
      .promise()
  }

  drop = (value: T[K]) => this.documents.delete({ TableName: this.table, Key: { [this.key]: value } }).promise()
}

export const users = new Store<User, 'name'>(process.env.LEGACY_USERS_TABLE!, 'name')
