"use strict";
const AWS = require("aws-sdk");

const pools = new AWS.CognitoIdentityServiceProvider();
const metrics = new AWS.CloudWatch();

exports.guarded = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    ctx.status = error.statusCode || 500;
    await new AWS.SNS().publish({ TopicArn: process.env.ERRORS_TOPIC, Message: String(error) }).promise();
  }
};

exports.counted = async function (ctx, next) {
  const started = Date.now();
  await next();
  const MetricData = [{ MetricName: "Duration", Unit: "Milliseconds", Value: Date.now() - started }];
  await metrics.putMetricData({ Namespace: "Files", MetricData }).promise();
};

exports.authenticated = async (ctx, next) => {
  const cache = ctx.cache || new Map();
  ctx.user = cache.get(ctx.headers.authorization);
  if (!ctx.user) {
    const { Username } = await pools.getUser({ AccessToken: ctx.headers.authorization }).promise();
    ctx.user = Username;
  }
  return next();
};

exports.limited = async (ctx, next) => {
  await new AWS.DynamoDB().updateItem({ TableName: "limits", Key: { user: { S: ctx.user } } }).promise();
  return next();
};
