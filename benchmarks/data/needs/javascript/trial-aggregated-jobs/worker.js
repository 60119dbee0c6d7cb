'use strict'
// Jobs by their kind, each a list of calls: the client, its method and what it is handed.
const { S3 } = require('@aws-sdk/client-s3')
const { SQS } = require('@aws-sdk/client-sqs')
const { SFN } = require('@aws-sdk/client-sfn')
const jobs = require('./jobs')

const clients = { s3: new S3({}), sqs: new SQS({}), steps: new SFN({}) }

const run = async ([name, method, input], job) => {
  const client = clients[name]
  return client[method](typeof input === 'function' ? input(job) : input)
}

exports.handler = async (job) => {
  const steps = jobs.stepsOf(job.kind)
  const answers = []
  for (const step of steps) answers.push(await run(step, job))
  const log = new jobs.Log()
  log.sendMessage({ kind: job.kind, count: answers.length })
  return log.text
}
