exports.Inventory = require('./inventory')
Object.assign(exports, require('./archive'))
