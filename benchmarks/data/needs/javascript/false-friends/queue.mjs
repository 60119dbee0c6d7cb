export class Queue {
  #items = [];
  sendMessage(item) {
    this.#items.push(item);
  }
  receive() {
    const item = this.#items.shift();
    return { getObject: () => item };
  }
}
