// Moves customers to a new table in chunks, as far as time allows, and remembers how far it came.
import { chunked, compose, filtered, mapped } from './streams.mjs'
import { progress, source, target } from './tables.mjs'

const current = compose(
  filtered((one) => !one.deleted),
  mapped(({ name, ...rest }) => ({ ...rest, first: name?.split(' ')[0], last: name?.split(' ').at(-1) })),
  chunked(25)
)

export const run = async (event, context) => {
  let moved = 0
  const state = await progress.open()
  try {
    for await (const chunk of current(source(state.from))) {
      await target.write(chunk)
      moved += chunk.length
      state.from = chunk.at(-1).id
      if (context.getRemainingTimeInMillis() < 10_000) break
    }
  } finally {
    await state.close()
  }
  return { moved }
}
