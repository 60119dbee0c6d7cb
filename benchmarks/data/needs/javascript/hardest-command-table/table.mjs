import * as ec2 from "@aws-sdk/client-ec2";
import * as rds from "@aws-sdk/client-rds";
import { SageMakerClient, StartNotebookInstanceCommand, StopNotebookInstanceCommand } from "@aws-sdk/client-sagemaker";

const made = new Map();

function client(Kind) {
  if (!made.has(Kind)) made.set(Kind, new Kind({ region: process.env.AWS_REGION }));
  return made.get(Kind);
}

const instances = (id) => ({ InstanceIds: [id] });
const cluster = (DBClusterIdentifier) => ({ DBClusterIdentifier });
const notebook = (NotebookInstanceName) => ({ NotebookInstanceName });

export const commands = Object.freeze({
  indent: 2,
  instance: {
    client: ec2.EC2Client,
    input: instances,
    start: ec2.StartInstancesCommand,
    stop: ec2.StopInstancesCommand,
    inspect: ec2.DescribeInstancesCommand,
    terminate: ec2.TerminateInstancesCommand,
  },
  cluster: {
    client: rds.RDSClient,
    input: cluster,
    start: rds.StartDBClusterCommand,
    stop: rds.StopDBClusterCommand,
    inspect: rds.DescribeDBClustersCommand,
  },
  notebook: {
    client: SageMakerClient,
    input: notebook,
    start: StartNotebookInstanceCommand,
    stop: StopNotebookInstanceCommand,
  },
});

export function pick(verb, kind) {
  const row = commands[kind];
  if (typeof row !== "object" || !(verb in row)) throw new Error(`cannot ${verb} ${kind}`);
  return [client(row.client), row[verb], row.input];
}
