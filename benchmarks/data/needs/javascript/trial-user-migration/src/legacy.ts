import { createHash, timingSafeEqual } from 'crypto'
import { CognitoIdentityServiceProvider, SecretsManager } from 'aws-sdk'
import type { User } from './store'

export class Legacy {
  private pepper?: Promise<string>

  constructor(
    private readonly cognito = new CognitoIdentityServiceProvider(),
    private readonly secrets: SecretsManager = new SecretsManager({ maxRetries: 1 })
  ) {}

  async verify(user: User, password: string): Promise<boolean> {
    const hash = createHash('sha256')
    // the hash's `update`, which changes no table
    hash.update(await this.seasoning).update(password)
    return timingSafeEqual(hash.digest(), Buffer.from(user.hash, 'hex'))
  }

  async taken(UserPoolId: string, mail: string): Promise<boolean> {
    const { Users = [] } = await this.cognito.listUsers({ UserPoolId, Filter: `email = "${mail}"` }).promise()
    return Users.length > 0
  }

  async disable(UserPoolId: string, Username: string): Promise<void> {
    await this.cognito.adminDisableUser({ UserPoolId, Username }).promise()
  }

  private get seasoning(): Promise<string> {
    this.pepper ??= this.secrets
      .getSecretValue({ SecretId: process.env.PEPPER_SECRET! })
      .promise()
      .then(({ SecretString = '' }) => SecretString)
    return this.pepper
  }
}
