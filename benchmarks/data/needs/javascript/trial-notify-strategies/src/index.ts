import type { DynamoDBStreamEvent } from 'aws-lambda'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { channelsFor, type Customer } from './channels'
import { Preferences } from './preferences'

const preferences = new Preferences()

export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<void> => {
  const changed = Records.filter(({ eventName }) => eventName === 'MODIFY')
  for (const { dynamodb } of changed) {
    const order = unmarshall((dynamodb?.NewImage ?? {}) as any)
    const customer = await preferences.of(order.customer)
    if (!customer) continue
    await tell(customer, `Your order ${order.id} is ${order.state}`)
  }
}

async function tell(customer: Customer, text: string): Promise<void> {
  for (const channel of channelsFor(customer)) {
    try {
      return await channel.deliver(customer, text)
    } catch (error) {
      console.warn(channel.name, error)
    }
  }
}
