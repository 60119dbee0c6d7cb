'use strict'
const { BUCKET, DONE_QUEUE_URL, MACHINE_ARN, STAGE } = process.env

const tidy = [
  ['s3', 'copyObject', ({ key }) => ({ Bucket: BUCKET, Key: `old/${key}`, CopySource: `${BUCKET}/${key}`, TaggingDirective: 'REPLACE' })],
  ['s3', 'deleteObject', ({ key }) => ({ Bucket: BUCKET, Key: key })],
]
const told = ['sqs', 'sendMessage', ({ id }) => ({ QueueUrl: DONE_QUEUE_URL, MessageBody: id })]

const KINDS = {
  tidy: [...tidy, told],
  start: [['steps', 'startExecution', ({ id }) => ({ stateMachineArn: MACHINE_ARN, name: `${STAGE}-${id}` })], told],
}

// kept for the record; no kind has it
const wipe = ['s3', 'deleteBucket', { Bucket: BUCKET }]

class Log {
  lines = []

  sendMessage(what) {
    this.lines.push(JSON.stringify(what))
  }

  get text() {
    return this.lines.join()
  }
}

module.exports = {
  Log,
  wipe,
  stepsOf(kind) {
    if (!Object.hasOwn(KINDS, kind)) throw new RangeError(kind)
    return KINDS[kind]
  },
}
