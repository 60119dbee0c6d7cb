export async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => Item[] | undefined,
): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...(items(page) ?? []));
  return all;
}

type Waiter<Client, Input> = (params: { client: Client; maxWaitTime: number }, input: Input) => Promise<unknown>;

export const waiting =
  <Client, Input>(waiter: Waiter<Client, Input>, client: Client, maxWaitTime = 120) =>
  (input: Input): Promise<unknown> =>
    waiter({ client, maxWaitTime }, input);

/** A page of anything, in memory. */
export async function* paginateScan<T>(items: T[], size = 10): AsyncGenerator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
