import { Approvals } from './approvals'
import { next, type Approval, type Step } from './machine'

const approvals = new Approvals(process.env.APPROVALS_TABLE!)

type Input = { id: string; step: Step; token?: string }

/** One step of an approval; goes on for as long as steps lead to steps of their own. */
export const handler = async ({ id, step, token }: Input): Promise<Approval> => {
  let approval: Approval = (await approvals.load(id)) ?? { state: 'draft', id }
  const steps: Step[] = [step]
  while (steps.length) {
    const { state, then, effect } = next(approval, steps.shift()!)
    approval = { ...approval, ...state } as Approval
    if (effect) await approvals.perform(effect, approval, token)
    if (then) steps.push(then)
  }
  await approvals.save(approval)
  return approval
}
