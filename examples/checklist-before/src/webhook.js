// Hears from the payment provider, and has the order fulfilled.
const AWS = require("aws-sdk");

const queue = new AWS.SQS();

exports.handler = async (event) => {
  if (event.headers["x-api-key"] !== process.env.PAYMENT_API_KEY) {
    return { statusCode: 401 };
  }
  const { QueueUrl } = await queue.getQueueUrl({ QueueName: `shop-${process.env.STAGE}-orders` }).promise();
  await queue.sendMessage({ QueueUrl, MessageBody: event.body }).promise();
  return { statusCode: 202 };
};
