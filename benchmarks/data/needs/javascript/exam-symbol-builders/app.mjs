import { request } from "./request.mjs";
import { sql } from "./sql.mjs";
import { translate } from "./texts.mjs";

const overdue = (day) => sql`SELECT id, text FROM loans WHERE due < ${day}`;

export async function handler({ day, language }) {
  const loans = await overdue(day);
  const sent = [];
  for (const [id, text] of loans) {
    const letter = await translate(text, language);
    sent.push(await request.letter().to(id).saying(letter));
  }
  return { sent: sent.length };
}
