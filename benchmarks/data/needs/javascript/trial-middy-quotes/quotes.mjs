// Quotes for freight: the carrier's key and rates come by middleware.
import middy from '@middy/core'
import secretsManager from '@middy/secrets-manager'
import ssm from '@middy/ssm'
import { counted, recorded } from './middleware.mjs'

const quote = async (event, context) => {
  const { perKilo, base } = context.rates
  const price = Number(base) + Number(perKilo) * event.kilos
  return { price, carrier: context.carrier.name, send: (x) => x }
}

export const handler = middy()
  .use(counted('Quotes'))
  .use(
    ssm({
      fetchData: { rates: `/freight/${process.env.STAGE}/rates` },
      setToContext: true,
      cacheExpiry: 60_000,
    })
  )
  .use(secretsManager({ fetchData: { carrier: process.env.CARRIER_SECRET }, setToContext: true }))
  .use(recorded(process.env.QUOTES_STREAM))
  .handler(quote)
