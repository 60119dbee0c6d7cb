'use strict'
const S3 = require('aws-sdk/clients/s3')

class Store {
  constructor(name) {
    this.s3 = new S3({ params: { Bucket: name }, signatureVersion: 'v4' })
  }

  read(Key) {
    return this.s3.getObject({ Key }).createReadStream()
  }

  write(Key, Body) {
    return this.s3.upload({ Key, Body }, { partSize: 5 * 1024 * 1024, queueSize: 1 }).promise()
  }

  settled(Key) {
    return this.s3.waitFor('objectExists', { Key }).promise()
  }

  link(Key) {
    return this.s3.getSignedUrlPromise('getObject', { Key, Expires: 300 })
  }

  empty() {
    return this.s3.listObjectsV2().promise().then(({ Contents }) => this.s3.deleteObjects({ Delete: { Objects: Contents } }).promise())
  }
}

const known = new Map()

exports.open = (name) => {
  if (!known.has(name)) known.set(name, new Store(name))
  return known.get(name)
}
