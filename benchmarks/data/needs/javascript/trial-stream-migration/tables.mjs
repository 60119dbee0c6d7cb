import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { BatchWriteCommand, DynamoDBDocument, paginateScan } from '@aws-sdk/lib-dynamodb'
import { SSM } from '@aws-sdk/client-ssm'

const client = DynamoDBDocument.from(new DynamoDBClient())
const ssm = new SSM()
const { FROM_TABLE, STAGE } = process.env

export async function* source(from) {
  const start = from ? { ExclusiveStartKey: { id: from } } : {}
  for await (const { Items = [] } of paginateScan({ client, pageSize: 100 }, { TableName: FROM_TABLE, ...start })) yield* Items
}

export const target = {
  name: `customers-v2-${STAGE}`,
  async write(items) {
    let left = { [this.name]: items.map((Item) => ({ PutRequest: { Item } })) }
    while (Object.keys(left).length) {
      const { UnprocessedItems = {} } = await client.send(new BatchWriteCommand({ RequestItems: left }))
      left = UnprocessedItems
    }
  },
  async clear() {
    const { Items } = await client.scan({ TableName: this.name })
    for (const { id } of Items) await client.delete({ TableName: this.name, Key: { id } })
  },
}

class Progress {
  Name = `/migrations/${STAGE}/customers`

  async open() {
    try {
      const { Parameter } = await ssm.getParameter({ Name: this.Name })
      this.from = Parameter.Value
    } catch (error) {
      if (error.name !== 'ParameterNotFound') throw error
    }
    return this
  }

  async close() {
    if (this.from) await ssm.putParameter({ Name: this.Name, Value: this.from, Type: 'String', Overwrite: true })
  }
}

export const progress = new Progress()
