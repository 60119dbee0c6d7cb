// So many at once. What it terminates are its own slots.
export class Pool {
  #busy = new Set()

  constructor(size) {
    this.size = size
  }

  async run(task) {
    while (this.#busy.size >= this.size) await Promise.race(this.#busy)
    const running = task().finally(() => this.#busy.delete(running))
    this.#busy.add(running)
  }

  drain() {
    return Promise.all(this.#busy)
  }

  terminateInstances() {
    this.#busy.clear()
  }
}
