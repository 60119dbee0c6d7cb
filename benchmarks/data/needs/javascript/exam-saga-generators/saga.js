"use strict";
const CALL = Symbol("call");
const COMPENSATE = Symbol("compensate");

exports.call = (action, ...args) => ({ kind: CALL, action, args });
exports.compensate = (action, ...args) => ({ kind: COMPENSATE, action, args });
exports.fork = (action, ...args) => ({ kind: Symbol("fork"), action, args });

exports.run = async function run(saga) {
  const undo = [];
  const effects = {
    [CALL]: ({ action, args }) => action(...args),
    [COMPENSATE]: ({ action, args }) => void undo.unshift(() => action(...args)),
  };
  let step = saga.next();
  try {
    while (!step.done) {
      const result = await effects[step.value.kind](step.value);
      step = saga.next(result);
    }
    return step.value;
  } catch (error) {
    for (const back of undo) await back();
    return `undone: ${error.message}`;
  }
};
