'use strict'
const { promisify } = require('util')
const sinks = require('./sinks')
const { fold } = require('./fold')

// Telemetry of machines, folded to one line a machine, goes to the sinks that are switched on.
const ON = ['stream', 'shadow', 'metrics']

exports.handler = async function (event) {
  const lines = fold(event.Records.map(({ kinesis }) => JSON.parse(Buffer.from(kinesis.data, 'base64'))))
  const open = ON.map((name) => sinks[name]())
  const results = await lines.reduce(async (before, line) => {
    const done = await before
    for (const write of open) done.push(await promisify(write)(line))
    return done
  }, Promise.resolve([]))
  return results.filter(Boolean).length
}
