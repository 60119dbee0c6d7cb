const AWS = require('aws-sdk')
const inherits = require('util').inherits

function Base(options) {
  this.options = Object.assign({ maxRetries: 2 }, options)
}

Base.prototype.client = function (name) {
  const slot = '_' + name
  if (!this[slot]) this[slot] = new AWS[name](this.options)
  return this[slot]
}

// promises of what clients answer
Base.prototype.ask = function (name, operation) {
  const client = this.client(name)
  const rest = Array.prototype.slice.call(arguments, 2)
  return client[operation].apply(client, rest).promise()
}

Base.extend = function (Kind, methods) {
  inherits(Kind, Base)
  Object.keys(methods).forEach(function (name) {
    Kind.prototype[name] = methods[name]
  })
  return Kind
}

module.exports = Base
