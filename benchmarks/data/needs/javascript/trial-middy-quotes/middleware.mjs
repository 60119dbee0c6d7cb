import { CloudWatch } from '@aws-sdk/client-cloudwatch'
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose'
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs'

export const recorded = (DeliveryStreamName, client = new FirehoseClient({})) => ({
  after: async ({ event, response }) => {
    const Data = Buffer.from(JSON.stringify({ event, price: response.price }) + '\n')
    await client.send(new PutRecordCommand({ DeliveryStreamName, Record: { Data } }))
  },
})

export function counted(MetricName) {
  const metrics = new CloudWatch({})
  const put = (Value, unit) =>
    metrics.putMetricData({ Namespace: 'freight', MetricData: [{ MetricName, Value, Unit: unit }] })
  return {
    before(request) {
      request.internal.begun = Date.now()
    },
    onError: async (request) => {
      await put(-1, 'None')
      request.response = { error: request.error.message }
    },
    async after({ internal }) {
      await put(Date.now() - internal.begun, 'Milliseconds')
    },
  }
}

// not used by this function
export const dead = (QueueUrl) => ({
  onError: (request) =>
    new SQSClient({}).send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(request.event) })),
})
