import type { SQSEvent, SQSBatchResponse } from 'aws-lambda'
import { Bus } from './bus'
import { CloseAccount, CloseAccountHandler, OpenAccount, OpenAccountHandler } from './commands/accounts'
import { SendStatement, StatementHandler } from './commands/statements'

const bus = new Bus()
  .register(OpenAccount, new OpenAccountHandler())
  .register(SendStatement, new StatementHandler(process.env.STATEMENTS_QUEUE_URL!))

/** What a message may ask for; closing was taken out when the law changed. */
const parsers = {
  open: (body: any) => new OpenAccount(body.owner, body.currency ?? 'EUR'),
  statement: (body: any) => new SendStatement(body.account),
} as const

type Kind = keyof typeof parsers

export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = []
  for (const record of event.Records) {
    const body = JSON.parse(record.body)
    try {
      const command = parsers[body.kind as Kind](body)
      await bus.send(command)
    } catch (error) {
      console.error(error)
      batchItemFailures.push({ itemIdentifier: record.messageId })
    }
  }
  return { batchItemFailures }
}

export const closing = (): Bus => new Bus().register(CloseAccount, new CloseAccountHandler())
