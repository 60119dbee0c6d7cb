import * as cw from '@aws-sdk/client-cloudwatch'

const client = new cw.CloudWatchClient()

export default class Errors {
  constructor(week) {
    this.EndTime = new Date(week)
    this.StartTime = new Date(this.EndTime - 7 * 86_400_000)
  }

  async *[Symbol.asyncIterator]() {
    const question = {
      ...this,
      MetricDataQueries: [
        { Id: 'e', MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName: 'Errors' }, Period: 86_400, Stat: 'Sum' } },
      ],
    }
    for await (const page of cw.paginateGetMetricData({ client }, question)) {
      yield* (page.MetricDataResults ?? []).flatMap(({ Values = [] }) => Values)
    }
  }
}
