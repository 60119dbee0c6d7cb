// Names out of enums, constant objects and templates of them.
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import { SFNClient, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { Groups, Machine, Paths, nameOf } from "./names";

const ssm = new SSMClient({});
const logs = new CloudWatchLogsClient({});
const sfn = new SFNClient({});

type Event = { action: keyof typeof actions; machine: Machine; id: string };

const actions = {
  async start(machine: Machine, id: string) {
    return sfn.send(new StartExecutionCommand({ stateMachineArn: nameOf(machine), name: id }));
  },
  async stop(_machine: Machine, id: string) {
    return sfn.send(new StopExecutionCommand({ executionArn: id }));
  },
} as const;

async function log(message: string): Promise<void> {
  const where = { logGroupName: Groups.audit, logStreamName: new Date().toISOString().slice(0, 10) };
  await logs.send(new CreateLogStreamCommand(where)).catch(() => undefined);
  await logs.send(new PutLogEventsCommand({ ...where, logEvents: [{ message, timestamp: Date.now() }] }));
}

export const handler = async ({ action, machine, id }: Event): Promise<void> => {
  const { Parameters = [] } = await ssm.send(new GetParametersByPathCommand({ Path: Paths.Limits, Recursive: true }));
  if (Parameters.some(({ Name, Value }) => Name?.endsWith(machine) && Value === "0")) return log("closed");
  const act: (typeof actions)[Event["action"]] = actions[action];
  await act(machine, id);
  await log(`${action} ${id}`);
};
