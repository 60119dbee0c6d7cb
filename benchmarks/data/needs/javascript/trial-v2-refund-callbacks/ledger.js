var AWS = require('aws-sdk')
var util = require('util')

AWS.config.update({ maxRetries: 4 })
var db = new AWS.DynamoDB.DocumentClient()
var plain = new AWS.DynamoDB()
var TABLE = process.env.PAYMENTS_TABLE

exports.payments = function (customer, callback) {
  var all = []
  var question = {
    TableName: TABLE,
    IndexName: 'by-customer',
    KeyConditionExpression: 'customer = :c',
    ExpressionAttributeValues: { ':c': { S: customer } },
  }
  plain.query(question).eachPage(function (error, page, done) {
    if (error) return callback(error)
    if (!page) return callback(null, all)
    all = all.concat(page.Items.map(AWS.DynamoDB.Converter.unmarshall))
    done()
  })
}

exports.refund = function (payment, callback) {
  var change = {
    TableName: TABLE,
    Key: { id: payment.id },
    UpdateExpression: 'SET refunded = :now',
    ExpressionAttributeValues: { ':now': Date.now() },
  }
  db.update(change, function (error, data) {
    callback(error, data)
  })
}

// nobody needs it since refunds are kept
exports.forget = util.promisify(function (id, callback) {
  db.delete({ TableName: TABLE, Key: { id: id } }, callback)
})
