export interface Command {
  readonly at: Date
}

export interface CommandHandler<C extends Command, R = unknown> {
  handle(command: C): Promise<R>
}

type Newable<C> = new (...args: any[]) => C

export class Bus {
  readonly #handlers = new Map<Newable<Command>, CommandHandler<any>>()

  register<C extends Command>(kind: Newable<C>, handler: CommandHandler<C>): this {
    this.#handlers.set(kind, handler)
    return this
  }

  /** Not a client's: finds who handles it. */
  async send<C extends Command>(command: C): Promise<unknown> {
    const handler = this.#handlers.get(command.constructor as Newable<Command>)
    if (!handler) throw new Error(`nobody handles ${command.constructor.name}`)
    return handler.handle(command)
  }
}
