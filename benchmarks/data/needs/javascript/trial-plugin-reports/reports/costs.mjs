import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'

export const title = 'Costs'

export default class Costs {
  #client = new DynamoDBClient()
  #week

  constructor(week) {
    this.#week = week
  }

  async *[Symbol.asyncIterator]() {
    let ExclusiveStartKey
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: process.env.COSTS_TABLE,
          KeyConditionExpression: '#w = :w',
          ExpressionAttributeNames: { '#w': 'week' },
          ExpressionAttributeValues: { ':w': { S: this.#week } },
          ExclusiveStartKey,
        })
      )
      for (const item of page.Items ?? []) yield `${item.team.S} ${item.usd.N}`
      ExclusiveStartKey = page.LastEvaluatedKey
    } while (ExclusiveStartKey)
  }
}
