import { Machine, type Claim } from "./machine";

export const handler = async (event: { claim: Claim }): Promise<string[]> => {
  const machine = new Machine(event.claim);
  const path: string[] = [];
  for await (const state of machine) path.push(state);
  return path;
};
