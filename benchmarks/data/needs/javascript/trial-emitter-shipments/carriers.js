'use strict'
const AWS = require('aws-sdk')

const db = new AWS.DynamoDB.DocumentClient()
const sqs = new AWS.SQS({ params: { QueueUrl: process.env.PICKUPS_QUEUE_URL } })
const location = new AWS.EventBridge()

const tally = {
  counts: {},
  update({ id }) {
    this.counts[id] = (this.counts[id] ?? 0) + 1
  },
  get() {
    return this.counts
  },
}

function labelled(shipment, bus) {
  const params = { TableName: process.env.LABELS_TABLE, Item: { id: shipment.id, printed: false } }
  return db
    .put(params)
    .promise()
    .then(() => bus.emit('labelled', shipment))
}

const pickup = ({ id }) => sqs.sendMessage({ MessageBody: id }).promise()

async function announced(shipment) {
  tally.update(shipment)
  await location
    .putEvents({ Entries: [{ EventBusName: 'shipments', Source: 'carriers', DetailType: 'labelled', Detail: JSON.stringify(shipment) }] })
    .promise()
}

const lost = ({ id }) => db.delete({ TableName: process.env.LABELS_TABLE, Key: { id } }).promise()

exports.tally = tally
exports.listeners = {
  light: [labelled],
  heavy: [labelled, pickup],
  labelled: [announced],
  // never emitted
  lost: [lost],
}
