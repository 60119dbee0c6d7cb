'use strict'
const { EventEmitter, once } = require('events')
const carriers = require('./carriers')

// Shipments go through a few events; who listens is found in carriers.js.
class Shipments extends EventEmitter {
  constructor(listeners) {
    super({ captureRejections: true })
    this.pending = []
    for (const [event, functions] of Object.entries(listeners)) {
      for (const listener of functions) this.on(event, (what) => this.pending.push(listener(what, this)))
    }
  }

  async settled() {
    while (this.pending.length) await Promise.all(this.pending.splice(0))
    this.emit('settled')
  }
}

exports.handler = async (event) => {
  const shipments = new Shipments(carriers.listeners)
  const ended = once(shipments, 'settled')
  for (const one of event.shipments) shipments.emit(one.weight > 30 ? 'heavy' : 'light', one)
  await shipments.settled()
  await ended
  return carriers.tally.get()
}
