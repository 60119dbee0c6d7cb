const { ORDERS_TABLE, STAGE = 'dev', ...rest } = process.env

export const settings = Object.freeze({
  tables: { orders: ORDERS_TABLE, stock: `stock-${STAGE}` },
  get topic() {
    return rest.WAREHOUSE_TOPIC
  },
})
