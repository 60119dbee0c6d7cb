import { actions } from "./actions";

export async function handler(event: { action: keyof typeof actions; payload: Record<string, string> }) {
  const run = actions[event.action];
  if (run === undefined) throw new Error(`unknown action ${event.action}`);
  return run(event.payload);
}
