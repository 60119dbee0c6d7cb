'use strict'
let made

module.exports = () => {
  if (!made) {
    const { DynamoDBClient } = require('@aws-sdk/client-dynamodb')
    const { DynamoDBDocumentClient } = require('@aws-sdk/lib-dynamodb')
    made = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  }
  return made
}
