import { UnitOfWork } from "./unit-of-work";
import { Stock } from "./stock";

type Line = { sku: string; count: number };

const stock = new Stock();

export const handler = async (event: { order: string; lines: Line[] }): Promise<{ state: string; low: string[] }> => {
  const levels = await stock.levels(event.lines.map(({ sku }) => sku));
  const missing = event.lines.filter(({ sku, count }) => (levels.get(sku) ?? 0) < count);
  if (missing.length) return { state: "missing", low: missing.map(({ sku }) => sku) };
  await using work = new UnitOfWork(event.order);
  for (const { sku, count } of event.lines) work.take(sku, count);
  work.reserve(event.lines);
  return { state: "reserved", low: await stock.low() };
};
