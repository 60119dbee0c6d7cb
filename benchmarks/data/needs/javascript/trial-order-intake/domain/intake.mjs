// Knows nothing of AWS; its `send` is a list's.
class Drafts extends Array {
  send(draft) {
    this.push(draft)
    return this
  }
}

export const intake =
  ({ orders, stock, warehouse }) =>
  async ({ id, lines = [] }) => {
    const missing = []
    for (const line of lines) {
      const { left } = await stock.of(line.article)
      if (left < line.count) missing.push(line.article)
    }
    if (missing.length) return { status: 409, missing }
    if (!(await orders.add({ id, lines }))) return { status: 200, known: id }
    const drafts = new Drafts()
    for (const line of lines) {
      await stock.reserve(line)
      drafts.send({ id, ...line })
    }
    await Promise.all(drafts.map((draft) => warehouse.publish(draft)))
    return { status: 201, id }
  }
