import { CreateRepositoryCommand, DeleteRepositoryCommand, PutFileCommand } from "@aws-sdk/client-codecommit";

export function repositorySteps(client) {
  const send = async (command) => {
    try {
      return await client.send(command);
    } catch (error) {
      if (error.name !== "RepositoryNameExistsException") throw error;
    }
  };
  return new Map([
    [
      ({ name: repositoryName }) => send(new CreateRepositoryCommand({ repositoryName })),
      ({ name: repositoryName }) => send(new DeleteRepositoryCommand({ repositoryName })),
    ],
    [
      ({ name: repositoryName }) =>
        send(new PutFileCommand({ repositoryName, branchName: "main", filePath: "README", fileContent: Buffer.from("") })),
    ],
  ])
    .entries()
    .toArray();
}
