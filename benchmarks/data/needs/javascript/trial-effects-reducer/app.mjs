// A shopping basket: a reducer says what it becomes and which effects there are, which are performed here.
import { reducer } from './basket.mjs'
import { interpreter } from './interpreter.mjs'

const perform = interpreter()

const settle = async (state, actions) => {
  const [action, ...rest] = actions
  if (!action) return state
  const { state: next, effects } = reducer(state, action)
  const more = []
  for (const effect of effects) {
    const answer = await perform(effect)
    if (answer) more.push(answer)
  }
  return settle(next, [...rest, ...more])
}

export const handler = async ({ basket, action }) => settle({ basket, lines: [] }, [{ type: 'load' }, action, { type: 'save' }])
