'use strict'

class Names {
  get seats() {
    return process.env.SEATS_TABLE
  }

  get bookings() {
    return process.env.BOOKINGS_TABLE
  }

  get shows() {
    return ['shows', process.env.STAGE].join('-')
  }
}

module.exports = new Names()
