import { once } from "node:events";
import { bus } from "./bus.mjs";
import { listeners } from "./listeners/index.mjs";

for (const [kind, listener] of Object.entries(listeners)) bus.on(kind, listener);

export async function handler({ Records }) {
  for (const { kind, detail } of Records) {
    if (kind in listeners) bus.emit(kind, detail);
  }
  queueMicrotask(() => bus.emit("idle"));
  await once(bus, "idle");
  await bus.settled();
  return { handled: bus.handled };
}
