import { DecryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { createDecipheriv } from 'node:crypto'

const kms = new KMSClient({})
const cipher = {
  // as the client's command is called, and made of node's crypto
  decrypt(key, iv, data) {
    const deciphering = createDecipheriv('aes-256-cbc', key, iv)
    return Buffer.concat([deciphering.update(data), deciphering.final()])
  },
}

export const unwrapped = (next) => async (args) => {
  const result = await next(args)
  const { key, iv } = result.output?.Metadata ?? {}
  if (!key) return result
  const { Plaintext } = await kms.send(
    new DecryptCommand({ CiphertextBlob: Buffer.from(key, 'base64'), KeyId: process.env.DOCUMENTS_KEY_ARN })
  )
  const data = Buffer.from(await result.output.Body.transformToByteArray())
  const text = cipher.decrypt(Plaintext, Buffer.from(iv, 'base64'), data).toString()
  return { ...result, output: { ...result.output, Body: { transformToString: async () => text } } }
}
