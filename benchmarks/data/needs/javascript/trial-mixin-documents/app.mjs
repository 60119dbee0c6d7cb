// Contracts: versioned, encrypted, told of. Each of that is a mixin over what keeps documents.
import { Encrypted, Told, Versioned, mixed } from './mixins.mjs'
import { Documents } from './documents.mjs'

class Contracts extends mixed(Documents, Encrypted, Versioned, Told) {
  static bucket = process.env.CONTRACTS_BUCKET
}

const contracts = new Contracts()

export const handler = async ({ httpMethod, pathParameters: { id }, body }) => {
  switch (httpMethod) {
    case 'PUT':
      return { statusCode: 201, body: String(await contracts.write(id, body)) }
    case 'GET': {
      const text = await contracts.read(id)
      return text === undefined ? { statusCode: 404 } : { statusCode: 200, body: text }
    }
    default:
      return { statusCode: 405 }
  }
}
