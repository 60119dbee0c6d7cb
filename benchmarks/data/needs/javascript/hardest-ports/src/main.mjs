// Ports and adapters without classes: everything is a function that was handed what it calls.
import makeAdapters from "./adapters.mjs";
import { makeTransfer } from "./usecases.mjs";

const once = (make, kept) => () => (kept ??= make());
const adapters = once(() => makeAdapters(process.env));
const useCases = {
  transfer: (input) => makeTransfer(adapters())(input),
};

export default { handler: ({ name = "transfer", ...input }) => useCases[name](input) };
export const handler = ({ name = "transfer", ...input }) => useCases[name](input);
