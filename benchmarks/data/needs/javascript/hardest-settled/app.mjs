// Many things at once; what failed goes elsewhere.
import { LambdaClient, InvokeCommand } from "@aws-sdk/client-lambda";
import { SchedulerClient, CreateScheduleCommand, GetScheduleCommand } from "@aws-sdk/client-scheduler";
import { SQSClient, SendMessageBatchCommand } from "@aws-sdk/client-sqs";

const clients = { lambda: new LambdaClient({}), scheduler: new SchedulerClient({}), sqs: new SQSClient({}) };
const group = process.env.SCHEDULE_GROUP ?? "default";

const attempt =
  ({ send }) =>
  (make) =>
  async (one) => {
    const { guard, command } = await make(one);
    if (guard && !(await guard())) return null;
    return send(command);
  };

const through = (client) => attempt({ send: client.send.bind(client) });

const call = through(clients.lambda)(async ({ worker, body }) => ({
  command: new InvokeCommand({
    FunctionName: `${process.env.PREFIX}-${worker}`,
    InvocationType: "Event",
    Payload: Buffer.from(body),
  }),
}));

const plan = through(clients.scheduler)(({ name, at }) => ({
  guard: async () => {
    try {
      await clients.scheduler.send(new GetScheduleCommand({ Name: name, GroupName: group }));
      return false;
    } catch ({ name: kind }) {
      return kind === "ResourceNotFoundException";
    }
  },
  command: new CreateScheduleCommand({
    Name: name,
    GroupName: group,
    ScheduleExpression: `at(${at})`,
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: { Arn: process.env.TARGET_ARN, RoleArn: process.env.SCHEDULER_ROLE },
  }),
}));

export const handler = async ({ jobs }) => {
  const settled = await Promise.allSettled(jobs.map((job) => (job.at ? plan : call)(job)));
  const failed = settled.flatMap((one, index) => (one.status === "rejected" ? [jobs[index]] : []));
  if (failed.length > 0) {
    const Entries = failed.map((job, n) => ({ Id: `${n}`, MessageBody: JSON.stringify(job) }));
    await Promise.race([
      clients.sqs.send(new SendMessageBatchCommand({ QueueUrl: process.env.FAILED_URL, Entries })),
      new Promise((_, reject) => setTimeout(reject, 3000)),
    ]);
  }
};
