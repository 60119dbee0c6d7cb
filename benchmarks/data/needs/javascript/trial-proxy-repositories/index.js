'use strict'
const { repositories } = require('./repositories')

// Loyalty points: `repositories.members` and the like are made when they are first named.
exports.handler = async ({ member, order }) => {
  const { members, bookings } = repositories
  const found = await members.get({ id: member })
  if (!found) return { points: 0 }
  const points = Math.floor(order.total * (found.factor ?? 1))
  await bookings.put({ id: order.id, member, points })
  const { points: total } = await members.add({ id: member }, 'points', points)
  if ('archive' in repositories) throw new Error('an archive is not expected')
  const cache = new Map([[member, total]])
  cache.delete(order.id)
  return { points: cache.get(member) }
}
