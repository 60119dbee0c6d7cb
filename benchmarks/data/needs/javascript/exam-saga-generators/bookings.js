"use strict";
const AWS = require("aws-sdk");

const documents = new AWS.DynamoDB.DocumentClient();
const sqs = new AWS.SQS({ params: { QueueUrl: process.env.CAR_REQUESTS_URL } });
const states = new AWS.StepFunctions();
const { CARS, TRIPS, REFUND_MACHINE } = process.env;

module.exports = {
  note: (id, state) => documents.put({ TableName: TRIPS, Item: { id, state } }).promise(),

  async car(kind) {
    const { Attributes } = await documents
      .update({ TableName: CARS, Key: { kind }, UpdateExpression: "ADD free :less", ExpressionAttributeValues: { ":less": -1 }, ReturnValues: "ALL_NEW" })
      .promise();
    await sqs.sendMessage({ MessageBody: kind }).promise();
    return { kind, ...Attributes };
  },

  async release({ kind }) {
    await documents.delete({ TableName: CARS, Key: { kind } }).promise();
  },

  async seat(id, seat) {
    return { id, seat, cancel: () => documents.delete({ TableName: TRIPS, Key: { id } }) };
  },

  refund: ({ id }) => states.startExecution({ stateMachineArn: REFUND_MACHINE, input: JSON.stringify({ id }) }).promise(),

  hotel: () => new AWS.SNS().publish({ TopicArn: process.env.HOTELS, Message: "a room, please" }).promise(),
};
