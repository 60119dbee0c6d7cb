import { DynamoDB } from '@aws-sdk/client-dynamodb'

export class Usage {
  private readonly db = new DynamoDB({})

  constructor(private readonly TableName: string | undefined = process.env.USAGE_TABLE) {}

  add = async (tenant: string, units: number): Promise<number> => {
    const { Attributes } = await this.db.updateItem({
      TableName: this.TableName,
      Key: { tenant: { S: tenant } },
      UpdateExpression: 'ADD #u :u',
      ExpressionAttributeNames: { '#u': 'units' },
      ExpressionAttributeValues: { ':u': { N: `${units}` } },
      ReturnValues: 'UPDATED_NEW',
    })
    return Number(Attributes?.units?.N ?? 0)
  }
}
