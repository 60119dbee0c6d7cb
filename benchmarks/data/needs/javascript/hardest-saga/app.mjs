// A saga: what was done is undone in reverse when a later step fails.
import { IAMClient, CreateUserCommand, DeleteUserCommand, AddUserToGroupCommand, RemoveUserFromGroupCommand } from "@aws-sdk/client-iam";
import { CodeCommitClient } from "@aws-sdk/client-codecommit";
import { repositorySteps } from "./repository.mjs";

const iam = new IAMClient({});
const step = (run, undo) => Object.assign(run, { undo });

const steps = [
  step(
    async ({ name }) => iam.send(new CreateUserCommand({ UserName: name, Tags: [{ Key: "by", Value: "saga" }] })),
    ({ name }) => iam.send(new DeleteUserCommand({ UserName: name })),
  ),
  step(
    ({ name }) => iam.send(new AddUserToGroupCommand({ UserName: name, GroupName: process.env.GROUP })),
    ({ name }) => iam.send(new RemoveUserFromGroupCommand({ UserName: name, GroupName: process.env.GROUP })),
  ),
  ...repositorySteps(new CodeCommitClient({})).map(([run, undo]) => step(run, undo)),
];

export const handler = async (event) => {
  const done = [];
  try {
    for (const one of steps) {
      await one(event);
      done.unshift(one);
    }
  } catch (error) {
    for (const { undo } of done) await undo?.(event);
    throw error;
  }
};
