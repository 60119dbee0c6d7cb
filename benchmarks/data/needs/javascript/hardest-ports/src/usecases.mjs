const validated = (rules) => (input) => {
  for (const [name, rule] of Object.entries(rules)) if (!rule(input[name])) throw new Error(name);
  return input;
};

export const makeTransfer = ({ accounts, clock, keys, outbox }) => {
  const check = validated({ from: Boolean, to: Boolean, amount: (n) => n > 0 });
  return async (input) => {
    const { from, to, amount } = check(input);
    const [source, target] = await Promise.all([from, to].map(accounts.load));
    const signature = await keys.sign(`${source.id}:${target.id}:${amount}`);
    return outbox.append({ from, to, amount, signature, at: clock() });
  };
};

export const makeClosing = ({ accounts }) => (id) => accounts.remove(id);
