// Clients made by a loop over names of services.
const AWS = require("aws-sdk");
const clients = Object.fromEntries(["SQS", "SNS"].map((name) => [name.toLowerCase(), new AWS[name]()]));

exports.handler = async (event) => {
  await Promise.all(event.Records.map(({ body }) => clients.sns.publish({ TopicArn: process.env.TOPIC, Message: body }).promise()));
  await clients.sqs.purgeQueue({ QueueUrl: process.env.QUEUE }).promise();
};
