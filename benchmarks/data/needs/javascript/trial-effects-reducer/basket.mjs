import { effect } from './effects.mjs'

const nothing = []
const reducers = {
  load: (state) => [state, [effect.load(state.basket)]],
  loaded: (state, { lines }) => [{ ...state, lines: [...lines, ...state.lines] }, nothing],
  add: (state, { article }) => [{ ...state, lines: [...state.lines, article] }, nothing],
  order: (state) => [{ ...state, lines: [] }, [effect.order(state), effect.log('ordered')]],
  save: (state) => [state, [effect.save(state)]],
}

export const reducer = (before, { type, ...rest }) => {
  if (!Object.hasOwn(reducers, type)) return { state: before, effects: nothing }
  const [state, effects] = reducers[type](before, rest)
  return { state, effects }
}
