export class Cache extends Map {
  constructor({ max }) {
    super();
    this.max = max;
  }

  putItem(item) {
    if (this.size < this.max) this.set(item.id, item);
  }

  query(_text, id) {
    return this.get(id);
  }
}
