// Reads documents that are kept encrypted, through a client that opens them on their way, and counts who reads.
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { opened } from './lib/clients.mjs'

const client = opened(process.env.DOCUMENTS_BUCKET)

export const handler = async ({ id, reader }) => {
  const { Body, Metadata } = await client.send(new GetObjectCommand({ Bucket: client.bucket, Key: `${id}.bin` }))
  return { text: await Body.transformToString(), kind: Metadata?.kind, reader }
}
