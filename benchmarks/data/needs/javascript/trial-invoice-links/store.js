'use strict'
const { Upload } = require('@aws-sdk/lib-storage')
const { getSignedUrl } = require('@aws-sdk/s3-request-presigner')
const { createPresignedPost } = require('@aws-sdk/s3-presigned-post')
const s3sdk = require('@aws-sdk/client-s3')

const client = new s3sdk.S3Client({})
const Bucket = process.env.INVOICES_BUCKET
const SIGNED = `signed-${process.env.STAGE}`
const keyOf = (number) => `invoices/${number}.txt`

const commands = {
  head: s3sdk.HeadObjectCommand,
  get: s3sdk.GetObjectCommand,
  drop: s3sdk.DeleteObjectCommand,
}
const at = (name, number) => new commands[name]({ Bucket, Key: keyOf(number) })

exports.head = async function head(number) {
  try {
    return await client.send(at('head', number))
  } catch (error) {
    if (error instanceof s3sdk.NotFound) return null
    throw error
  }
}

exports.upload = (number, Body) => {
  const upload = new Upload({ client, params: { Bucket, Key: keyOf(number), Body, ContentType: 'text/plain' }, queueSize: 2 })
  upload.on('httpUploadProgress', ({ loaded }) => console.log(loaded))
  return upload.done()
}

exports.link = (number) => getSignedUrl(client, at('get', number), { expiresIn: 300 })

exports.form = (number) =>
  createPresignedPost(client, { Bucket: SIGNED, Key: keyOf(number), Conditions: [['content-length-range', 1, 1e6]], Expires: 600 })

exports.drop = (number) => client.send(at('drop', number))
