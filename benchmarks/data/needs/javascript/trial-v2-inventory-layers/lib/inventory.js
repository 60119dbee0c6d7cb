const Base = require('./base')

const TableName = process.env.INVENTORY_TABLE

function Inventory() {
  Base.call(this, {})
}

module.exports = Base.extend(Inventory, {
  replace: function (shelf, counts) {
    const Item = { shelf: { S: shelf }, counts: { S: JSON.stringify(counts) } }
    return this.ask('DynamoDB', 'putItem', { TableName, Item, ReturnValues: 'ALL_OLD' }).then(function (answer) {
      return answer.Attributes || {}
    })
  },

  tell: function (shelf, key) {
    const self = this
    return self.ask('SQS', 'getQueueUrl', { QueueName: process.env.COUNTS_QUEUE }).then(function (answer) {
      return self.ask('SQS', 'sendMessage', { QueueUrl: answer.QueueUrl, MessageBody: shelf + ' ' + key })
    })
  },

  forget: function (shelf) {
    return this.ask('DynamoDB', 'deleteItem', { TableName, Key: { shelf: { S: shelf } } })
  },
})
