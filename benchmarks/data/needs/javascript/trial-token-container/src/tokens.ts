export interface Readings {
  add(device: string, celsius: number): Promise<void>
  usual(device: string): Promise<number>
}

export interface Alerts {
  publish(text: string): Promise<void>
}

export const READINGS = Symbol('readings')
export const ALERTS = Symbol('alerts')
export const EXPORTS = Symbol('exports')
export const NAMES = Symbol('names')
