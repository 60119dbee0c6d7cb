import { EC2Client, RebootInstancesCommand, StopInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { ECSClient, StopTaskCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";

const ec2 = [EC2Client, (id: string) => ({ InstanceIds: [id] })] as const;
const service = [ECSClient, (id: string) => ({ cluster: process.env.CLUSTER, service: id, forceNewDeployment: true })] as const;
const task = [ECSClient, (id: string) => ({ cluster: process.env.CLUSTER, task: id })] as const;

export const commands = {
  reboot: [RebootInstancesCommand, ...ec2],
  stop: [StopInstancesCommand, ...ec2],
  redeploy: [UpdateServiceCommand, ...service],
  cancel: [StopTaskCommand, ...task],
} as const;

export const forbidden = { terminate: [TerminateInstancesCommand, ...ec2] } as const;

export type Name = keyof typeof commands;
