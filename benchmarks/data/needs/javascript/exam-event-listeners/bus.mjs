import { EventEmitter } from "node:events";

class Bus extends EventEmitter {
  #pending = [];
  handled = 0;

  on(kind, listener) {
    return super.on(kind, (detail) => {
      this.handled += 1;
      this.#pending.push(listener(detail));
    });
  }

  publish(kind, detail) {
    return this.emit(kind, detail);
  }

  async settled() {
    await Promise.all(this.#pending.splice(0));
  }
}

export const bus = new Bus();
