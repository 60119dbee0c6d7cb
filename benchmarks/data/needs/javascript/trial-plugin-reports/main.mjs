// A weekly report of several parts, each a module that is loaded when it is due.
import { Slack } from './slack.mjs'

const parts = {
  costs: () => import('./reports/costs.mjs'),
  errors: () => import('./reports/errors.mjs'),
}
const due = ['costs', 'errors']

export const handler = async ({ week }) => {
  const slack = new Slack()
  for (const name of due) {
    const { default: Report, title = name } = await parts[name]()
    const report = new Report(week)
    for await (const line of report) slack.add(`${title}: ${line}`)
  }
  const { publish } = await import('./publish.mjs')
  await publish(slack.text)
  return slack.lines.length
}
