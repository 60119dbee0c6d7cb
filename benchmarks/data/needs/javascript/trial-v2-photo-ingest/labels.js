'use strict'
const AWS = require('aws-sdk')

const services = { labels: () => new AWS.Rekognition(), table: () => new AWS.DynamoDB.DocumentClient() }

class Faces {
  deleteFaces(list) {
    return list.filter((one) => one !== 'Face')
  }
}

const labelled = async (Bucket, Name) => {
  const { labels, table } = services
  const { Labels = [] } = await labels()
    .detectLabels({ Image: { S3Object: { Bucket, Name } }, MaxLabels: 5 })
    .promise()
  const names = Labels.map(({ Name: name }) => name)
  await table()
    .put({ TableName: process.env.LABELS_TABLE, Item: { id: Name, names: table().createSet(names.length ? names : ['none']) } })
    .promise()
  return names
}

module.exports = { labelled, Faces }
