import { dispatch } from './decorators'
import { Maintenance } from './maintenance'

const maintenance = new Maintenance(process.env.SESSIONS_TABLE!)

interface Scheduled {
  job: 'expire' | 'summary'
}

export async function handler(event: Scheduled): Promise<unknown> {
  return dispatch(maintenance, event.job)
}
