import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import { SFNClient, StartSyncExecutionCommand } from '@aws-sdk/client-sfn'

const at = (name) => ({ Bucket: `baskets-${process.env.STAGE ?? 'dev'}`, Key: `${name}.json` })

export function interpreter(s3 = new S3Client(), steps = new SFNClient()) {
  const performers = new Map()
  const on = (kind) => (performer) => performers.set(kind, performer)

  on('load')(async (name) => {
    try {
      const { Body } = await s3.send(new GetObjectCommand(at(name)))
      return { type: 'loaded', lines: JSON.parse(await Body.transformToString()).lines ?? [] }
    } catch (error) {
      if (!(error instanceof NoSuchKey)) throw error
    }
  })
  on('save')(async ({ basket, lines }) => {
    await s3.send(new PutObjectCommand({ ...at(basket), Body: JSON.stringify({ lines }) }))
  })
  on('order')(async ({ lines }) => {
    const { status } = await steps.send(
      new StartSyncExecutionCommand({ stateMachineArn: process.env.ORDER_MACHINE_ARN, input: JSON.stringify(lines) })
    )
    if (status !== 'SUCCEEDED') return { type: 'failed' }
  })
  on('log')(async (text) => void console.log(text))

  return ({ kind, payload }) => performers.get(kind)?.(payload)
}

export const eraser = (s3) => (name) => s3.send(new DeleteObjectCommand(at(name)))
