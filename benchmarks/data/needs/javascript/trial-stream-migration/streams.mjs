// Over anything that is iterated asynchronously; `scan` is what functional programmers call it.
export const compose = (...steps) => (from) => steps.reduce((stream, step) => step(stream), from)

export const mapped = (change) => async function* (from) {
  for await (const one of from) yield change(one)
}

export const filtered = (wanted) => async function* (from) {
  for await (const one of from) if (wanted(one)) yield one
}

export const scan = (fold, start) => async function* (from) {
  let all = start
  for await (const one of from) yield (all = fold(all, one))
}

export const chunked = (size) => async function* (from) {
  let chunk = []
  for await (const one of from) {
    chunk.push(one)
    if (chunk.length === size) {
      yield chunk
      chunk = []
    }
  }
  if (chunk.length) yield chunk
}
