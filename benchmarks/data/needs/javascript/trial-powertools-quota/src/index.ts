import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency'
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb'
import { Logger } from '@aws-lambda-powertools/logger'
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda'
import { limits, type Limits } from './limits'
import { Usage } from './usage'

const logger = new Logger({ serviceName: 'quota' })
const config = new IdempotencyConfig({ eventKeyJmesPath: 'id' })
const seen = new DynamoDBPersistenceLayer({ tableName: process.env.SEEN_TABLE as string })
const usage = new Usage()

interface Use {
  id: string
  tenant: string
  units: number
}

const count = makeIdempotent(
  async (use: Use): Promise<string> => {
    const { soft, hard }: Limits = await limits.of(use.tenant)
    const total = await usage.add(use.tenant, use.units)
    if (total > hard) throw new Error(`${use.tenant} is over its quota`)
    return total > soft ? 'warned' : 'counted'
  },
  { persistenceStore: seen, config }
)

const processor = new BatchProcessor(EventType.SQS)

const recordHandler = async (record: SQSRecord): Promise<void> => {
  const outcome = await count(JSON.parse(record.body))
  logger.info('use', { outcome })
}

export const handler = async (event: SQSEvent, context: Context) => {
  config.registerLambdaContext(context)
  return processPartialResponse(event, recordHandler, processor, { context })
}
