const { Lambda } = require("@aws-sdk/client-lambda");

const lambda = new Lambda({});
module.exports = (detail) =>
  lambda.invoke({ FunctionName: process.env.WORKER, InvocationType: "Event", Payload: JSON.stringify(detail) });
