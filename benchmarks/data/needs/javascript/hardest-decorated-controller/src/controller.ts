import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

type Act = (this: Controller, input: any, value?: string) => Promise<unknown>;

const actions = new Map<string, string>();

export function action(name: string) {
  return (_target: object, method: string, _descriptor: PropertyDescriptor): void => {
    actions.set(name, method);
  };
}

export function withParameter(Name: string, client: SSMClient, Command: typeof GetParameterCommand) {
  return (_target: object, _method: string, descriptor: PropertyDescriptor): PropertyDescriptor => {
    const inner: Act = descriptor.value;
    descriptor.value = async function (this: Controller, input: unknown) {
      const { Parameter } = await client.send(new Command({ Name }));
      return inner.call(this, input, Parameter?.Value);
    };
    return descriptor;
  };
}

export abstract class Controller {
  private static readonly failures = new SQSClient({});

  protected constructor(readonly name: string) {}

  async handle(event: { action: string; input: unknown }): Promise<unknown> {
    const method = actions.get(event.action);
    if (method === undefined) throw new Error(event.action);
    try {
      return await (this as unknown as Record<string, Act>)[method](event.input);
    } catch (error) {
      const body = { QueueUrl: process.env.FAILURES, MessageBody: `${this.name}: ${error}` };
      await Controller.failures.send(new SendMessageCommand(body));
      throw error;
    }
  }
}
