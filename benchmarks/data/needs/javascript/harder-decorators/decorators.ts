type Constructor = new () => { run(detail: unknown): Promise<unknown> };

export const handlers = new Map<string, Constructor>();

export const handles = (kind: string) => (target: Constructor) => {
  handlers.set(kind, target);
};

export function remembered(target: object, name: string, descriptor: PropertyDescriptor) {
  const inner = descriptor.value;
  const kept = new Map<string, unknown>();
  descriptor.value = async function (detail: unknown) {
    const key = JSON.stringify(detail);
    if (!kept.has(key)) kept.set(key, await inner.call(this, detail));
    return kept.get(key);
  };
  return descriptor;
}
