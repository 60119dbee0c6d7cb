import { Users } from "./users";
import { Deferred } from "./deferred";

const users = new Users(process.env.USER_POOL_ID as string);
const deferred = new Deferred<{ mail: string }>({ url: process.env.RETRY_QUEUE_URL! });

type Change = { kind: "joined" | "moved" | "left"; mail: string; team?: string };

const changes = {
  joined: (change: Change) => users.create(change.mail),
  moved: (change: Change) => users.moveTo(change.mail, change.team ?? "everybody"),
  left: (change: Change) => users.disable(change.mail),
} satisfies Record<Change["kind"], (change: Change) => Promise<unknown>>;

export const sync = async (event: { changes: Change[] }): Promise<void> => {
  for (const change of event.changes) {
    try {
      await changes[change.kind](change);
    } catch {
      await deferred.push(change);
    }
  }
};
