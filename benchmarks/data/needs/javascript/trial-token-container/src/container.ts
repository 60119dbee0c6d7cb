export type Token = symbol
export type Make<T = unknown> = (from: Container) => T

/** Makes what a token stands for when it is first asked for; children ask their parent. */
export class Container {
  private readonly makers = new Map<Token, Make>()
  private readonly made = new Map<Token, unknown>()

  constructor(private readonly parent?: Container) {}

  bind<T>(token: Token, make: Make<T>): this {
    this.makers.set(token, make)
    return this
  }

  child(): Container {
    return new Container(this)
  }

  get<T>(token: Token): T {
    if (!this.made.has(token)) {
      const make = this.makers.get(token)
      if (!make) {
        if (this.parent) return this.parent.get<T>(token)
        throw new Error(`nothing is bound to ${String(token)}`)
      }
      this.made.set(token, make(this))
    }
    return this.made.get(token) as T
  }
}
