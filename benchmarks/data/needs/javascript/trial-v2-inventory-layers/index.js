const { Inventory, Archive } = require('./lib')

const inventory = new Inventory()
const archive = Archive.in('us-east-1')

module.exports.counted = (event, context, done) => {
  const { shelf, counts } = JSON.parse(event.body)
  inventory
    .replace(shelf, counts)
    .then((old) => archive.keep(shelf, old))
    .then((key) => inventory.tell(shelf, key))
    .then(
      () => done(null, { statusCode: 204 }),
      (error) => done(null, { statusCode: 500, body: error.message })
    )
}
