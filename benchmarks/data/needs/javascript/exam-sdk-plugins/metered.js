"use strict";
const { CloudWatch } = require("@aws-sdk/client-cloudwatch");

const cloudwatch = new CloudWatch({});

const middleware = (service) => (next, context) => async (args) => {
  const started = Date.now();
  const result = await next(args);
  await cloudwatch.putMetricData({
    Namespace: "Sealed",
    MetricData: [{ MetricName: `${service}.${context.commandName}`, Value: Date.now() - started, Unit: "Milliseconds" }],
  });
  return result;
};

/** The same client, which counts what it calls. */
exports.metered = function metered(client, service) {
  client.middlewareStack.use({
    applyToStack(stack) {
      stack.add(middleware(service), { step: "initialize", name: "metered", priority: "low" });
    },
  });
  return client;
};
