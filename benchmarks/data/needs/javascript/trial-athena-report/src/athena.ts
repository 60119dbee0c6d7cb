import { setTimeout as pause } from 'node:timers/promises'
import {
  Athena,
  QueryExecutionState as State,
  StopQueryExecutionCommand,
  type GetQueryResultsCommandOutput,
} from '@aws-sdk/client-athena'

const athena = new Athena({})

/** A query; whoever iterates over it runs it. */
export class QueryRun implements AsyncIterable<string[]> {
  private id?: string

  constructor(private readonly sql: string) {}

  [Symbol.asyncIterator](): AsyncIterator<string[]> {
    const waiting: string[][] = []
    let token: string | undefined
    let ended = false
    return {
      next: async () => {
        if (!this.id) await this.start()
        while (!waiting.length && !ended) {
          const page: GetQueryResultsCommandOutput = await athena.getQueryResults({ QueryExecutionId: this.id, NextToken: token })
          for (const { Data = [] } of page.ResultSet?.Rows ?? []) waiting.push(Data.map((one) => one.VarCharValue ?? ''))
          ended = !(token = page.NextToken)
        }
        return waiting.length ? { value: waiting.shift()!, done: false } : { value: undefined, done: true }
      },
      // what a loop calls that ends early; all of ours go on to the end
      return: async () => {
        ended = true
        return { value: undefined, done: true }
      },
    }
  }

  private async start(): Promise<void> {
    const { QueryExecutionId } = await athena.startQueryExecution({ QueryString: this.sql, WorkGroup: process.env.REPORTS_WORKGROUP })
    this.id = QueryExecutionId
    for (let state: State | undefined; state !== State.SUCCEEDED; await pause(500)) {
      const { QueryExecution } = await athena.getQueryExecution({ QueryExecutionId })
      state = QueryExecution?.Status?.State
      if (state === State.FAILED || state === State.CANCELLED) throw new Error(QueryExecution?.Status?.StateChangeReason)
    }
  }

  async stop(): Promise<void> {
    await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: this.id }))
  }
}
