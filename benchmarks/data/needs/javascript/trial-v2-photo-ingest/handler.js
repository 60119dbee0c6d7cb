'use strict'
const zlib = require('zlib')
const stores = require('./stores')
const { labelled, Faces } = require('./labels')

// Photos come in, go compressed to the archive, and get labels and a link to be looked at.
module.exports.ingest = async ({ Records: records }) => {
  const faces = new Faces()
  const out = []
  for (const { s3: { bucket, object } } of records) {
    const from = stores.open(bucket.name)
    const to = stores.open(process.env.ARCHIVE_BUCKET)
    await to.write(object.key + '.gz', from.read(object.key).pipe(zlib.createGzip()))
    await to.settled(object.key + '.gz')
    const labels = await labelled(bucket.name, object.key)
    faces.deleteFaces(labels)
    out.push({ labels, link: await to.link(object.key + '.gz') })
  }
  return out
}
