import { S3Client } from '@aws-sdk/client-s3'
import { audit } from './audit.mjs'
import { unwrapped } from './keys.mjs'

class Opened extends S3Client {
  constructor(bucket) {
    super({ maxAttempts: 3 })
    this.bucket = bucket
    this.middlewareStack.add(audit, { step: 'initialize', name: 'audit' })
    this.middlewareStack.use({
      applyToStack: (stack) => stack.add(unwrapped, { step: 'initialize', priority: 'low', name: 'unwrapped' }),
    })
  }
}

const known = new Map()

export const opened = (bucket) => {
  let client = known.get(bucket)
  if (!client) known.set(bucket, (client = new Opened(bucket)))
  return client
}
