export const call = (target, method, ...args) => ({ type: "call", target, method, args });
export const fork = (fn, ...args) => ({ type: "fork", fn, args });

const perform = {
  call: ({ target, method, args }) => target[method](...args),
  fork: ({ fn, args }) => void fn(...args),
};

export async function run(generator) {
  let step = generator.next();
  while (!step.done) {
    const effect = step.value;
    try {
      step = generator.next(await perform[effect.type](effect));
    } catch (error) {
      step = generator.throw(error);
    }
  }
  return step.value;
}
