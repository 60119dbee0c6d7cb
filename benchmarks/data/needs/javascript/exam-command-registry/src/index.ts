import { commands, type Name } from "./commands";
import { execute } from "./execute";

interface Step {
  name: Name;
  target: string;
}

const isName = (name: string): name is Name => Object.prototype.hasOwnProperty.call(commands, name);

export const handler = async (event: { steps: Step[] }): Promise<string[]> => {
  const done: string[] = [];
  for (const { name, target } of event.steps) {
    if (!isName(name)) throw new Error(`no such command: ${name}`);
    await execute(name, target);
    done.push(`${name} ${target}`);
  }
  await execute.log(done);
  return done;
};
