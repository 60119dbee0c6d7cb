'use strict'

class Shadow {
  constructor(machine) {
    this.machine = machine
    this.sum = 0
    this.count = 0
  }

  // of the folding, not of a thing
  updateThingShadow({ value }) {
    this.sum += value
    this.count += 1
    return this
  }

  valueOf() {
    return this.sum / this.count
  }
}

exports.fold = (readings) => {
  const all = readings.reduce(
    (known, one) => known.set(one.machine, (known.get(one.machine) || new Shadow(one.machine)).updateThingShadow(one)),
    new Map()
  )
  return Array.from(all.values(), (one) => ({ machine: one.machine, mean: +one }))
}
