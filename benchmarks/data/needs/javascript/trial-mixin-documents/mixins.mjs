import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'

export const mixed = (base, ...mixins) => mixins.reduce((made, mixin) => mixin(made), base)

export const Encrypted = (Base) =>
  class extends Base {
    #kms = new KMSClient()
    #key = { KeyId: process.env.CONTRACTS_KEY }

    async write(id, text) {
      const { CiphertextBlob } = await this.#kms.send(new EncryptCommand({ ...this.#key, Plaintext: Buffer.from(text) }))
      return super.write(id, Buffer.from(CiphertextBlob).toString('base64'))
    }

    async read(id) {
      const text = await super.read(id)
      if (text === undefined) return text
      const { Plaintext } = await this.#kms.send(
        new DecryptCommand({ ...this.#key, CiphertextBlob: Buffer.from(text, 'base64') })
      )
      return Buffer.from(Plaintext).toString()
    }
  }

export const Versioned = (Base) =>
  class extends Base {
    versions = new DynamoDB()

    async write(id, ...rest) {
      const etag = await super.write(id, ...rest)
      await this.versions.updateItem({
        TableName: 'contract-versions',
        Key: { id: { S: id } },
        UpdateExpression: 'SET etag = :e ADD version :one',
        ExpressionAttributeValues: { ':e': { S: etag ?? '' }, ':one': { N: '1' } },
      })
      return etag
    }

    async erase(id) {
      await super.erase(id)
      await this.versions.deleteItem({ TableName: 'contract-versions', Key: { id: { S: id } } })
    }
  }

// told on writing only; `publish` of a document is no topic's
export const Told = (Base) =>
  class Told extends Base {
    write = async (id, text) => {
      const written = await super.write(id, text)
      this.publish(id)
      await new SNSClient().send(new PublishCommand({ TopicArn: process.env.CONTRACTS_TOPIC, Message: id }))
      return written
    }

    publish(id) {
      console.log('published', id)
    }
  }
