import { container } from './wiring'
import { ALERTS, READINGS, type Alerts, type Readings } from './tokens'

interface Reading {
  device: string
  celsius: number
}

export const lambdaHandler = async (event: { readings: Reading[] }): Promise<number> => {
  const scope = container.child()
  const readings = scope.get<Readings>(READINGS)
  const alerts = scope.get<Alerts>(ALERTS)
  let hot = 0
  for (const { device, celsius } of event.readings) {
    await readings.add(device, celsius)
    const usual = await readings.usual(device)
    if (celsius > usual + 10) {
      hot += 1
      await alerts.publish(`${device} is at ${celsius}`)
    }
  }
  return hot
}
