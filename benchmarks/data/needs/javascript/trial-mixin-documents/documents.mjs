import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'

export class Documents {
  static bucket
  #s3 = new S3Client()

  async write(id, text) {
    const { ETag } = await this.#s3.send(new PutObjectCommand({ ...this.#at(id), Body: text }))
    return ETag
  }

  async read(id) {
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand(this.#at(id)))
      return await Body.transformToString()
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined
      throw error
    }
  }

  async erase(id) {
    await this.#s3.send(new DeleteObjectCommand(this.#at(id)))
  }

  #at(id) {
    return { Bucket: this.constructor.bucket, Key: `${id}.txt` }
  }
}
