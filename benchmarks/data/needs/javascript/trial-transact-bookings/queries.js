'use strict'
const { BatchGetCommand, ExecuteStatementCommand } = require('@aws-sdk/lib-dynamodb')
const documents = require('./documents')
const names = require('./names')

exports.seats = async (show, wanted) => {
  const table = names.seats
  let RequestItems = { [table]: { Keys: wanted.map((seat) => ({ show, seat })) } }
  const found = []
  while (RequestItems?.[table]) {
    const { Responses = {}, UnprocessedKeys } = await documents().send(new BatchGetCommand({ RequestItems }))
    found.push(...(Responses[table] ?? []))
    RequestItems = UnprocessedKeys
  }
  return found
}

exports.statement = async (customer) => {
  const { Items = [] } = await documents().send(
    new ExecuteStatementCommand({
      Statement: `SELECT * FROM "${names.bookings}" WHERE begins_with(id, ?)`,
      Parameters: [customer],
    })
  )
  return Items
}
