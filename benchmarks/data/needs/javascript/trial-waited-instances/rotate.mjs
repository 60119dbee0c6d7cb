// Replaces instances that are too old: a new one of each template first, then the old one away.
import {
  EC2Client,
  TerminateInstancesCommand,
  paginateDescribeInstances,
  waitUntilInstanceTerminated,
} from '@aws-sdk/client-ec2'
import * as start from './start.mjs'
import { Pool } from './pool.mjs'

const client = new EC2Client()

async function* old(days) {
  const before = Date.now() - days * 86_400_000
  const question = { Filters: [{ Name: 'tag:rotate', Values: ['yes'] }] }
  for await (const { Reservations = [] } of paginateDescribeInstances({ client, pageSize: 50 }, question))
    for (const { Instances = [] } of Reservations) yield* Instances.filter((one) => +one.LaunchTime < before)
}

export const handler = async ({ days = 30, wait = true }) => {
  const pool = new Pool(3)
  const gone = []
  for await (const { InstanceId, ImageId } of old(days))
    await pool.run(async () => {
      await start.replacement(client, InstanceId, ImageId)
      await client.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }))
      gone.push(InstanceId)
    })
  await pool.drain()
  if (wait && gone.length) await waitUntilInstanceTerminated({ client, maxWaitTime: 300 }, { InstanceIds: gone })
  pool.terminateInstances()
  return gone
}
