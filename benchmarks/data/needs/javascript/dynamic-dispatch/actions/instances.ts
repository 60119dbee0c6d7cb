import { EC2 } from "@aws-sdk/client-ec2";

const ec2 = new EC2({});
const ids = (text: string) => text.split(",");

export const start = ({ list }: Record<string, string>) => ec2.startInstances({ InstanceIds: ids(list) });
export const stop = ({ list }: Record<string, string>) => ec2.stopInstances({ InstanceIds: ids(list) });
export const terminate = ({ list }: Record<string, string>) => ec2.terminateInstances({ InstanceIds: ids(list) });
