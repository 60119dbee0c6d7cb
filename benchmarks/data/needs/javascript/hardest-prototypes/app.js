// Behaviour is put together by hand: Object.assign on prototypes, delegation, methods that are borrowed.
const { Entity, describe } = require("./entity");
const { archivable, notifying } = require("./traits");

function Ticket(id) {
  Entity.call(this, id, process.env.TICKETS);
}
Ticket.prototype = Object.create(Entity.prototype, { constructor: { value: Ticket } });
Object.assign(Ticket.prototype, archivable(process.env.ARCHIVE), notifying);

Ticket.prototype.close = async function close() {
  await Entity.prototype.change.apply(this, [{ state: "closed" }]);
  await this.archive();
  return this.notify("closed");
};

const facade = Object.create({
  close: (id) => new Ticket(id).close(),
  describe: (id) => describe.call(new Ticket(id)),
});

exports.handler = async ({ id, verb }) => {
  if (verb !== "close" && verb !== "describe") throw new Error(verb);
  return facade[verb](id);
};
