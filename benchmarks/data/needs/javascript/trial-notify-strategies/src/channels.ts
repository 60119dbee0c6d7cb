import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2'
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs'

export interface Customer {
  id: string
  mail?: string
  phone?: string
  likes?: 'mail' | 'text' | 'letter'
}

export abstract class Channel {
  abstract readonly name: string

  constructor(private readonly limit = Infinity) {}

  /** The template: cuts what is too long, and leaves the sending to its kinds. */
  async deliver(to: Customer, text: string): Promise<void> {
    if (!this.reaches(to)) throw new Error(`${to.id} has no ${this.name}`)
    await this.send(to, text.slice(0, this.limit))
  }

  protected abstract send(to: Customer, text: string): Promise<unknown>

  reaches(_: Customer): boolean {
    return true
  }
}

class Mail extends Channel {
  readonly name = 'mail'
  private readonly ses = new SESv2Client({})

  reaches = ({ mail }: Customer): boolean => !!mail

  protected send({ mail }: Customer, text: string) {
    const content = { Simple: { Subject: { Data: 'Your order' }, Body: { Text: { Data: text } } } }
    return this.ses.send(
      new SendEmailCommand({ FromEmailAddress: process.env.ORDERS_FROM, Destination: { ToAddresses: [mail!] }, Content: content })
    )
  }
}

class Text extends Channel {
  readonly name = 'text'

  override reaches({ phone }: Customer): boolean {
    return phone?.startsWith('+') ?? false
  }

  protected async send({ phone: PhoneNumber }: Customer, Message: string) {
    await new SNSClient({}).send(new PublishCommand({ PhoneNumber, Message }))
  }
}

class Letter extends Channel {
  readonly name = 'letter'

  protected send({ id }: Customer, text: string) {
    return new SQSClient({}).send(
      new SendMessageCommand({ QueueUrl: process.env.LETTERS_QUEUE_URL, MessageBody: JSON.stringify({ id, text }) })
    )
  }
}

/** Came to nothing; it is listed nowhere. */
export class Push extends Channel {
  readonly name = 'push'

  protected send(_: Customer, Message: string) {
    return new SNSClient({}).send(new PublishCommand({ TargetArn: process.env.PUSH_ARN, Message }))
  }
}

const all: readonly Channel[] = [new Mail(), new Text(160), new Letter()]

export function* channelsFor({ likes = 'mail' }: Customer): Generator<Channel> {
  const first = all.find(({ name }) => name === likes)
  if (first) yield first
  for (const one of all) if (one !== first) yield one
}
