'use strict'
// Renders an invoice, stores it and gives a link to it and one to send a signed copy back.
const { PassThrough } = require('node:stream')
const { render } = require('./render')
const store = require('./store')

exports.handler = async (event) => {
  const { number, lines } = event
  const known = await store.head(number)
  if (!known) {
    const through = new PassThrough()
    const done = store.upload(number, through)
    render(lines, through)
    await done
  }
  const [link, back] = await Promise.all([store.link(number), store.form(number)])
  return { link, back, size: known ? known.ContentLength : undefined }
}
