// Listeners in another file, told by events.
const { EventEmitter } = require("node:events");
const { listen } = require("./listeners");

class Orders extends EventEmitter {
  async place(order) {
    const pending = [];
    this.emit("placed", order, pending);
    if (order.total > 1000) this.emit("large", order, pending);
    await Promise.all(pending);
  }
}

const orders = listen(new Orders());

exports.handler = (event) => orders.place(JSON.parse(event.body));
