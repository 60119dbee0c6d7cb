export type Approval =
  | { state: 'draft'; id: string }
  | { state: 'asked'; id: string; since: number }
  | { state: 'granted'; id: string; by: string }
  | { state: 'refused'; id: string; reason: string }

export type Step =
  | { kind: 'ask' }
  | { kind: 'grant'; by: string }
  | { kind: 'refuse'; reason: string }
  | { kind: 'remind' }

export type Effect = 'mail' | 'resume' | 'fail' | 'remindLater'

interface Next {
  state: Partial<Approval>
  effect?: Effect
  then?: Step
}

/** Pure: knows what comes, and does nothing. */
export function next(from: Approval, step: Step): Next {
  switch (step.kind) {
    case 'ask':
      return { state: { state: 'asked', since: Date.now() } as Partial<Approval>, effect: 'mail', then: { kind: 'remind' } }
    case 'remind':
      return { state: {}, effect: 'remindLater' }
    case 'grant':
      return { state: { state: 'granted', by: step.by } as Partial<Approval>, effect: 'resume' }
    case 'refuse':
      return { state: { state: 'refused', reason: step.reason } as Partial<Approval>, effect: 'fail' }
  }
}
