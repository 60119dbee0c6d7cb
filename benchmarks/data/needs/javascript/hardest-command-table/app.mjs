// Which command is sent stands in a table of tables.
import { commands, pick } from "./table.mjs";

const permitted = new Set(["start", "stop", "inspect"]);

export async function handler({ verb, kind, id }) {
  if (!permitted.has(verb)) return { statusCode: 400 };
  const [client, Command, input] = pick(verb, kind);
  const result = await client.send(new Command(input(id)));
  return { statusCode: 200, body: JSON.stringify(result, null, commands.indent) };
}
