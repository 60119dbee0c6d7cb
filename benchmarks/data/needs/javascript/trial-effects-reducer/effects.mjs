// Effects are data. That they are called as operations are does nothing.
const kinds = ['load', 'save', 'order', 'log', 'erase']

export const effect = Object.fromEntries(kinds.map((kind) => [kind, (payload) => Object.freeze({ kind, payload })]))

export const query = (effects, kind) => effects.filter((one) => one.kind === kind)
