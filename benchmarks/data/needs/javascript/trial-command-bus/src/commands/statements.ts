import { SQSClient, SendMessageCommand, type SendMessageCommandInput } from '@aws-sdk/client-sqs'
import type { Command, CommandHandler } from '../bus'

export class SendStatement implements Command {
  readonly at = new Date()
  constructor(public readonly account: string) {}
}

export class StatementHandler implements CommandHandler<SendStatement, string | undefined> {
  private client?: SQSClient

  constructor(private readonly url: string) {}

  async handle(command: SendStatement) {
    const input: SendMessageCommandInput = { QueueUrl: this.url, MessageBody: command.account }
    const { MessageId } = await (this.client ??= new SQSClient({})).send(new SendMessageCommand(input))
    return MessageId
  }
}
