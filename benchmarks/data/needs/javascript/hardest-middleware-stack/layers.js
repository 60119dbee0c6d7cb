"use strict";
const { CloudWatch } = require("@aws-sdk/client-cloudwatch");
const { CognitoIdentityProvider } = require("@aws-sdk/client-cognito-identity-provider");
const { VerifiedPermissions } = require("@aws-sdk/client-verifiedpermissions");
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");

const cognito = new CognitoIdentityProvider();
let permissions;

exports.metered = (MetricName) => {
  const watch = new CloudWatch();
  return async (ctx, next) => {
    const began = Date.now();
    try {
      await next();
    } finally {
      await watch.putMetricData({ Namespace: "api", MetricData: [{ MetricName, Value: Date.now() - began }] });
    }
  };
};

exports.identified = async (ctx, next) => {
  const AccessToken = ctx.event.headers?.authorization?.replace(/^Bearer /, "");
  ctx.user = (await cognito.getUser({ AccessToken })).Username;
  return next();
};

exports.authorised = ({ scope }) =>
  async function check(ctx, next) {
    permissions ??= new VerifiedPermissions();
    const { decision } = await permissions.isAuthorized({
      policyStoreId: process.env.POLICY_STORE,
      action: { actionType: "Api", actionId: scope },
      principal: { entityType: "User", entityId: ctx.user },
    });
    if (decision !== "ALLOW") throw new Error("forbidden");
    await next();
  };

exports.stored = (ctx, next) => {
  ctx.store = { documents: DynamoDBDocument.from(new DynamoDBClient({})), table: process.env.ITEMS };
  return next();
};
