// A router that the event goes through, and routes in a table.
const { SESv2Client, SendEmailCommand } = require("@aws-sdk/client-sesv2");
const { LambdaClient, InvokeCommand } = require("@aws-sdk/client-lambda");
const ses = new SESv2Client();
const lambda = new LambdaClient();
const routes = {};
const route = (method, path, ...chain) => (routes[`${method} ${path}`] = chain);
const checked = (context) => context;
route("POST", "/mail", checked, async (event) => ses.send(new SendEmailCommand({ Content: {}, FromEmailAddress: "a@b.c" })));
route("POST", "/run", checked, async (event) => lambda.send(new InvokeCommand({ FunctionName: process.env.WORKER })));
exports.handler = async (event) => {
  let out = event;
  for (const step of routes[`${event.httpMethod} ${event.path}`] ?? []) out = await step(out);
  return out;
};
