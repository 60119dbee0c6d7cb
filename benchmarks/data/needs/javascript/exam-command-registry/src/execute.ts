import { CloudWatchLogsClient, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { commands, type Name } from "./commands";

const clients = new WeakMap<object, any>();

function clientOf(Kind: new (config: object) => any): any {
  let client = clients.get(Kind);
  if (!client) clients.set(Kind, (client = new Kind({})));
  return client;
}

export const execute = Object.assign(
  async (name: Name, target: string): Promise<void> => {
    const [Command, Client, input] = commands[name] as readonly [new (input: any) => any, any, (id: string) => object];
    await clientOf(Client).send(new Command(input(target)));
  },
  {
    async log(lines: string[]): Promise<void> {
      const logEvents = lines.map((message) => ({ message, timestamp: Date.now() }));
      await clientOf(CloudWatchLogsClient).send(
        new PutLogEventsCommand({ logGroupName: process.env.COMMAND_LOG, logStreamName: "commands", logEvents }),
      );
    },
  },
);
