"use strict";
const AWS = require("aws-sdk");

const db = new AWS.DynamoDB.DocumentClient({ maxRetries: 2 });

exports.list = function (event, context, callback) {
  const params = { TableName: process.env.ORDERS_TABLE, IndexName: "byCustomer", Limit: 50 };
  if (event.queryStringParameters && event.queryStringParameters.customer) {
    params.KeyConditionExpression = "customer = :c";
    params.ExpressionAttributeValues = { ":c": event.queryStringParameters.customer };
    db.query(params, done);
  } else {
    db.scan(params, done);
  }

  function done(error, data) {
    if (error) return callback(error);
    callback(null, { statusCode: 200, body: JSON.stringify(data.Items) });
  }
};

exports.purge = function (event, context, callback) {
  db.batchWrite({ RequestItems: {} }, callback);
};
