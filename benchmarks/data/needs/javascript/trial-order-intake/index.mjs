// Takes in orders: stored once, stock reserved, the warehouse told.
import { settings } from './lib/settings.mjs'
import { intake } from './domain/intake.mjs'
import * as adapters from './lib/adapters.mjs'

const ports = Object.fromEntries(
  Object.entries({ orders: adapters.ordersIn, stock: adapters.stockIn, warehouse: adapters.warehouse }).map(
    ([name, make]) => [name, make(settings)]
  )
)
const take = intake(ports)

export const handler = async (event) => {
  const body = JSON.parse(event.body ?? '{}')
  const { status, ...rest } = await take(body)
  return { statusCode: status, body: JSON.stringify(rest) }
}
