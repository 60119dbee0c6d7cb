'use strict'
const { transaction } = require('./transaction')
const { seats, statement } = require('./queries')

// Books seats: all of them or none.
exports.handler = async ({ show, wanted, customer }) => {
  const found = await seats(show, wanted)
  const taken = found.filter(({ by }) => by)
  if (taken.length) return { taken: taken.map(({ seat }) => seat) }

  const work = transaction()
  for (const seat of wanted) work.update('seats', { show, seat }, 'SET #by = :by', { by: customer }, 'attribute_not_exists(#by)')
  work.put('bookings', { id: `${show}#${customer}`, wanted })
  work.check('shows', { show }, 'attribute_exists(opens)')
  await work.commit()
  return { booked: wanted, all: await statement(customer) }
}
