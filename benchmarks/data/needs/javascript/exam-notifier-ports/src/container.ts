type Factory<T> = (container: Container) => T;

export class Container {
  private readonly factories = new Map<symbol, Factory<unknown>>();
  private readonly made = new Map<symbol, unknown>();

  bind<T>(token: symbol, factory: Factory<T>): this {
    this.factories.set(token, factory);
    return this;
  }

  get<T>(token: symbol): T {
    if (!this.made.has(token)) {
      const factory = this.factories.get(token);
      if (!factory) throw new Error(`nothing is bound to ${String(token)}`);
      this.made.set(token, factory(this));
    }
    return this.made.get(token) as T;
  }
}
