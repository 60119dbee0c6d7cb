import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'

export class Shelf {
  private static cached?: Promise<string>

  private constructor(private readonly bucket: string, private readonly prefix: string, private readonly s3 = new S3Client({})) {}

  /** The bucket's name is kept in a parameter. */
  static async open({ prefix = '' }): Promise<Shelf> {
    const name = `/reports/${process.env.STAGE}/bucket`
    this.cached ??= new SSMClient({}).send(new GetParameterCommand({ Name: name })).then(({ Parameter }) => Parameter!.Value!)
    return new Shelf(await this.cached, prefix)
  }

  async put(name: string, Body: string): Promise<string> {
    const where = { Bucket: this.bucket, Key: `${this.prefix}${name}.csv` }
    await this.s3.send(new PutObjectCommand({ ...where, Body, ContentType: 'text/csv' }))
    return getSignedUrl(this.s3, new GetObjectCommand(where), { expiresIn: 3600 })
  }
}
