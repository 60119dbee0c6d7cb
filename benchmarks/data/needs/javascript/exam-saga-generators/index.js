"use strict";
const { call, compensate, run } = require("./saga");
const bookings = require("./bookings");

function* trip({ id, car, seat, fail }) {
  yield call(bookings.note, id, "started");
  const booked = yield call(bookings.car, car);
  yield compensate(bookings.release, booked);
  if (seat) yield* flight(id, seat);
  if (fail) throw new Error("the customer changed their mind");
  return "booked";
}

function* flight(id, seat) {
  const ticket = yield call(bookings.seat, id, seat);
  yield compensate(bookings.refund, ticket);
}

exports.handler = async (event) => ({ state: await run(trip(event)) });
