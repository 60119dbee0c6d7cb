const { CloudWatch } = require("@aws-sdk/client-cloudwatch");
const { EventBridge } = require("@aws-sdk/client-eventbridge");

const metrics = new CloudWatch({});
const bus = new EventBridge({});

const listeners = {
  placed: (order, pending) =>
    pending.push(
      bus.putEvents({
        Entries: [{ EventBusName: process.env.BUS, Source: "orders", DetailType: "placed", Detail: JSON.stringify(order) }],
      }),
    ),
  large: (order, pending) =>
    pending.push(metrics.putMetricData({ Namespace: "orders", MetricData: [{ MetricName: "large", Value: order.total }] })),
};

exports.listen = (emitter) => {
  for (const [name, listener] of Object.entries(listeners)) emitter.on(name, listener);
  return emitter;
};
