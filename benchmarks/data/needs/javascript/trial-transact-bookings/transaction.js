'use strict'
const { TransactWriteCommand, PutCommand } = require('@aws-sdk/lib-dynamodb')
const documents = require('./documents')
const names = require('./names')

const named = (values, mark) => Object.fromEntries(Object.keys(values).map((name) => [mark + name, mark === '#' ? name : values[name]]))

// Collects; `put`, `update` and `delete` here ask nobody before `commit`.
exports.transaction = function () {
  const TransactItems = []
  return {
    put(table, Item) {
      TransactItems.push({ Put: { TableName: names[table], Item } })
    },
    update(table, Key, UpdateExpression, values, ConditionExpression) {
      TransactItems.push({
        Update: {
          TableName: names[table],
          Key,
          UpdateExpression,
          ConditionExpression,
          ExpressionAttributeNames: named(values, '#'),
          ExpressionAttributeValues: named(values, ':'),
        },
      })
    },
    check(table, Key, ConditionExpression) {
      TransactItems.push({ ConditionCheck: { TableName: names[table], Key, ConditionExpression } })
    },
    delete: (table, Key) => TransactItems.push({ Delete: { TableName: names[table], Key } }),
    commit: () => documents().send(new TransactWriteCommand({ TransactItems })),
    singly: () => Promise.all(TransactItems.map(({ Put }) => documents().send(new PutCommand(Put)))),
  }
}
