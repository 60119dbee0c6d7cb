// What the event chooses cannot be known and has to be told.
const { CloudWatchClient, PutMetricDataCommand } = require("@aws-sdk/client-cloudwatch");
const sdk = require("@aws-sdk/client-sqs");
const cloudwatch = new CloudWatchClient({});
const sqs = new sdk.SQSClient({});
exports.handler = async (event) => {
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: "n", MetricData: [] }));
  return sqs.send(new sdk[`${event.kind}Command`](event.input));
};
