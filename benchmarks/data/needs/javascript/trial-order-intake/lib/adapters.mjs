import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'

const once = (make) => {
  let made
  return () => (made ??= make())
}
const documents = once(() => DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } }))
const topics = once(() => new SNSClient({ maxAttempts: 5 }))

export const ordersIn = ({ tables: { orders: TableName } }) => ({
  async add(order) {
    try {
      await documents().send(new PutCommand({ TableName, Item: order, ConditionExpression: 'attribute_not_exists(id)' }))
      return true
    } catch (error) {
      if (error.name !== 'ConditionalCheckFailedException') throw error
      return false
    }
  },
  // of an earlier version, which nobody calls
  remove: (id) => documents().send(new DeleteCommand({ TableName, Key: { id } })),
})

export const stockIn = ({ tables }) => {
  const TableName = tables.stock
  const ask = (command) => documents().send(command)
  return {
    of: async (article) => (await ask(new GetCommand({ TableName, Key: { article } }))).Item ?? { left: 0 },
    reserve: ({ article, count }) =>
      ask(
        new UpdateCommand({
          TableName,
          Key: { article },
          UpdateExpression: 'ADD #left :less',
          ExpressionAttributeNames: { '#left': 'left' },
          ExpressionAttributeValues: { ':less': -count },
        })
      ),
  }
}

export const warehouse = (settings) => ({
  publish: (message) => topics().send(new PublishCommand({ TopicArn: settings.topic, Message: JSON.stringify(message) })),
})
