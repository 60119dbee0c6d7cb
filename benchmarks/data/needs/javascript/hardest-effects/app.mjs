// The program is a generator that yields descriptions of calls; a runner makes them.
import { call, fork, run } from "./effects.mjs";
import { api } from "./api.mjs";

function* greet(name) {
  const { Item } = yield call(api.people, "read", name);
  if (!Item) {
    yield call(api.people, "create", name);
    return "welcome";
  }
  return `again, ${Item.name.S}`;
}

function* program({ name }) {
  const text = yield* greet(name);
  yield fork(api.voice.say, text);
  return text;
}

export const handler = (event) => run(program(event));
