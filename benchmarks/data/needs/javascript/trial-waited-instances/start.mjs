import { CreateTagsCommand, RunInstancesCommand, StopInstancesCommand, waitUntilInstanceRunning } from '@aws-sdk/client-ec2'
import { DynamoDBClient, PutItemCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb'

const db = new DynamoDBClient()
const TableName = process.env.ROTATIONS_TABLE
const ready = waitUntilTableExists({ client: db, maxWaitTime: 60 }, { TableName })

export async function replacement(ec2, old, image) {
  await ready
  const { Instances: [{ InstanceId }] } = await ec2.send(
    new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ImageId: image, LaunchTemplate: { LaunchTemplateName: 'workers' } })
  )
  await ec2.send(new CreateTagsCommand({ Resources: [InstanceId], Tags: [{ Key: 'replaces', Value: old }] }))
  await waitUntilInstanceRunning({ client: ec2, maxWaitTime: 120 }, { InstanceIds: [InstanceId] })
  await db.send(new PutItemCommand({ TableName, Item: { old: { S: old }, new: { S: InstanceId } } }))
}

// a softer way, which was not taken
export const paused = (ec2, id) => ec2.send(new StopInstancesCommand({ InstanceIds: [id], Hibernate: true }))
