// Refunds, as it was written in 2016: callbacks all the way down.
var AWS = require('aws-sdk')
var ledger = require('./ledger')
var Bucket = require('./bucket').Bucket

var sns = new AWS.SNS({ apiVersion: '2010-03-31' })
var lambda = new AWS.Lambda()

exports.handler = function (event, context, callback) {
  var bucket = new Bucket(10)
  ledger.payments(event.customer, function (error, payments) {
    if (error) return callback(error)
    var open = payments.length
    if (!open) return callback(null, { refunds: 0 })
    payments.forEach(function (payment) {
      if (!bucket.consume(payment)) return settled(null)
      ledger.refund(payment, settled)
    })
    function settled(error) {
      if (error) return callback(error)
      if (--open) return
      done(payments)
    }
  })

  function done(payments) {
    sns.publish({ TopicArn: process.env.REFUNDS_TOPIC, Message: JSON.stringify(payments) }, function (error) {
      if (error) return callback(error)
      var request = lambda.invoke({
        FunctionName: 'statement-' + process.env.STAGE,
        InvocationType: 'Event',
        Payload: JSON.stringify({ customer: event.customer }),
      })
      request.on('success', function () {
        callback(null, { refunds: payments.length })
      })
      request.on('error', callback)
      request.send()
    })
  }
}
