type Made = { [name: string]: unknown };
type Class = { needs?: string[]; new (...parts: never[]): unknown };

class Container {
  private readonly classes: { [name: string]: Class } = {};
  private readonly made: Made = {};

  bind(name: string, type: Class) {
    this.classes[name] = type;
  }

  get<T>(name: string): T {
    if (!(name in this.made)) {
      const type = this.classes[name];
      const parts = (type.needs ?? []).map((one) => this.get(one));
      this.made[name] = new (type as new (...parts: unknown[]) => unknown)(...parts);
    }
    return this.made[name] as T;
  }
}

export const container = new Container();
