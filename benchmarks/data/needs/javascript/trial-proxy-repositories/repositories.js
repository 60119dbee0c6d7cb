'use strict'
const { DynamoDBClient } = require('@aws-sdk/client-dynamodb')
const lib = require('@aws-sdk/lib-dynamodb')

const TABLES = new Map([
  ['members', process.env.MEMBERS_TABLE],
  ['bookings', `bookings-${process.env.STAGE}`],
])

const repository = (documents, TableName) => {
  const ask = (Command, input) => documents.send(Reflect.construct(Command, [{ TableName, ...input }]))
  return {
    get: async (Key) => (await ask(lib.GetCommand, { Key })).Item,
    put: (Item) => ask(lib.PutCommand, { Item }),
    add: async (Key, name, by) => {
      const answer = await ask(lib.UpdateCommand, {
        Key,
        UpdateExpression: 'ADD #n :by',
        ExpressionAttributeNames: { '#n': name },
        ExpressionAttributeValues: { ':by': by },
        ReturnValues: 'ALL_NEW',
      })
      return answer.Attributes ?? {}
    },
    remove: (Key) => ask(lib.DeleteCommand, { Key }),
    all: () => ask(lib.ScanCommand, {}),
  }
}

const made = Object.create(null)
let documents

exports.repositories = new Proxy(made, {
  has: (target, name) => TABLES.has(name),
  get(target, name) {
    if (!TABLES.has(name)) return undefined
    documents ??= lib.DynamoDBDocumentClient.from(new DynamoDBClient({}))
    return (target[name] ??= repository(documents, TABLES.get(name)))
  },
})
