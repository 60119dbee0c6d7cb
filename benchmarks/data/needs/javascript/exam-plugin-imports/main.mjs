import { load } from "./plugins/registry.mjs";

const order = ["checksum", "scan"];

export const handler = async (event) => {
  const plugins = await Promise.all(order.map(load));
  let state = { ...event, notes: [] };
  for (const plugin of plugins) {
    if (plugin.applies?.(state) ?? true) state = await plugin.apply(state);
  }
  const { default: Report } = await import("./report.mjs");
  return new Report(state).save();
};
