'use strict'
const AWS = require('aws-sdk')

const xray = { captureAWSClient: (client) => client }
const make = (name, ...rest) => xray.captureAWSClient(new AWS[name](...rest))

exports.stream = () => {
  const firehose = make('Firehose')
  return (line, callback) =>
    firehose.putRecord(
      { DeliveryStreamName: process.env.LINES_STREAM, Record: { Data: JSON.stringify(line) + '\n' } },
      callback
    )
}

exports.shadow = () => {
  const data = make('IotData', { endpoint: process.env.IOT_ENDPOINT })
  return ({ machine, mean }, callback) =>
    data
      .updateThingShadow({ thingName: machine, payload: JSON.stringify({ state: { reported: { mean } } }) })
      .on('complete', ({ error, data: answer }) => callback(error, answer))
      .send()
}

exports.metrics = function () {
  const client = make('CloudWatch')
  const put = client.putMetricData.bind(client)
  return ({ machine, mean }, callback) =>
    put(
      {
        Namespace: 'machines',
        MetricData: [{ MetricName: 'mean', Value: mean, Dimensions: [{ Name: 'machine', Value: machine }] }],
      },
      callback
    )
}

// is switched off
exports.table = () => {
  const table = new AWS.DynamoDB.DocumentClient({ params: { TableName: process.env.LINES_TABLE } })
  return (line, callback) => table.put({ Item: line }, callback)
}
