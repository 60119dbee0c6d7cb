import { DynamoDBClient, PutItemCommand, DeleteItemCommand } from '@aws-sdk/client-dynamodb'

const db = new DynamoDBClient({})
const TableName = process.env.READS_TABLE

export const audit = (next, context) => async (args) => {
  const begun = Date.now()
  const result = await next(args)
  await db.send(
    new PutItemCommand({
      TableName,
      Item: { key: { S: args.input.Key ?? '' }, command: { S: context.commandName }, took: { N: `${Date.now() - begun}` } },
    })
  )
  return result
}

export const forgotten = (key) => db.send(new DeleteItemCommand({ TableName, Key: { key: { S: key } } }))
