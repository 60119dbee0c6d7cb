"use strict";
// An onion of middleware, each of which puts something into the context that is handed on.
const { compose } = require("./compose");
const { authorised, identified, metered, stored } = require("./layers");

const core = async (ctx, next) => {
  const { documents, table } = ctx.store;
  ctx.body = await documents
    .query({
      TableName: table,
      IndexName: "by-owner",
      KeyConditionExpression: "#o = :o",
      ExpressionAttributeNames: { "#o": "owner" },
      ExpressionAttributeValues: { ":o": ctx.user },
    })
    .then(({ Items = [] }) => Items);
  await next();
};

const run = compose([metered("requests"), identified, authorised({ scope: "read" }), stored, core]);

exports.handler = async (event) => {
  const ctx = { event, user: null, body: null };
  await run(ctx);
  return { statusCode: 200, body: JSON.stringify(ctx.body) };
};
