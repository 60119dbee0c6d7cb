import type { PreSignUpTriggerEvent, UserMigrationTriggerEvent } from 'aws-lambda'
import { Legacy } from './legacy'
import { users } from './store'

type Trigger = UserMigrationTriggerEvent | PreSignUpTriggerEvent
type Of<T extends Trigger> = (event: T) => Promise<void>

const legacy = new Legacy()

const signIn: Of<UserMigrationTriggerEvent> = async (event) => {
  const { userName, request } = event
  const user = await users.get(userName)
  if (!user || !(await legacy.verify(user, request.password))) throw new Error('Bad credentials')
  event.response.userAttributes = { email: user.mail, email_verified: 'true' }
  event.response.finalUserStatus = 'CONFIRMED'
  await users.update(userName, { moved: Date.now() })
}

const signUp: Of<PreSignUpTriggerEvent> = async ({ userName, userPoolId, request: { userAttributes } }) => {
  if (await legacy.taken(userPoolId, userAttributes.email)) throw new Error(`${userName} is known`)
}

const triggers: { [source: string]: Of<any> } = {
  UserMigration_Authentication: signIn,
  PreSignUp_SignUp: signUp,
}

export const main = async (event: Trigger): Promise<Trigger> => {
  await triggers[event.triggerSource]?.(event)
  return event
}
