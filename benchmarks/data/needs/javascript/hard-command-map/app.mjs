// Classes of commands in a table, made and sent elsewhere.
import { SFNClient, StartExecutionCommand, StopExecutionCommand, DescribeExecutionCommand } from "@aws-sdk/client-sfn";

const sfn = new SFNClient({});
const commands = { start: StartExecutionCommand, stop: StopExecutionCommand };
const send = (Command, input) => sfn.send(new Command(input));
export const unused = () => send(DescribeExecutionCommand, {});

export const handler = async (event) => send(commands[event.action], { stateMachineArn: process.env.MACHINE, ...event.input });
