import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'

type Method = (...args: any[]) => Promise<any>

const jobs = new Map<string, string>()
const metrics = new CloudWatchClient({})

/** Makes a method known under the name of a job. */
export const Job = (name: string) => (target: object, key: string, _: TypedPropertyDescriptor<Method>) => {
  jobs.set(name, key)
}

/** Counts how often a method came through, and how often it did not. */
export function Measured(namespace: string) {
  return function (_target: object, key: string, descriptor: TypedPropertyDescriptor<Method>) {
    const inner = descriptor.value!
    const count = (MetricName: string) =>
      metrics.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: [{ MetricName, Value: 1 }] }))
    descriptor.value = async function (this: unknown, ...args) {
      try {
        const result = await inner.apply(this, args)
        await count(`${key}.ok`)
        return result
      } catch (error) {
        await count(`${key}.failed`)
        throw error
      }
    }
    return descriptor
  }
}

export function dispatch(on: object, name: string): Promise<unknown> {
  const key = jobs.get(name)
  if (!key) throw new Error(`no job ${name}`)
  return (on as Record<string, Method>)[key]()
}
