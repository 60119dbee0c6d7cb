'use strict'

class Page {
  constructor(to) {
    this.to = to
  }

  // writes, and asks nobody
  putObject({ Body }) {
    this.to.write(`${Body}\n`)
    return this
  }

  send() {
    this.to.end()
  }
}

module.exports.render = (lines = [], to) => lines.reduce((page, line) => page.putObject({ Body: line }), new Page(to)).send()
