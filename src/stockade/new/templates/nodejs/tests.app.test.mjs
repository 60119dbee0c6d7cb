// The handler against a stand-in for AWS on loopback.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";

const asked = [];
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (piece) => (body += piece));
  request.on("end", () => {
    const operation = String(request.headers["x-amz-target"]).split(".").pop();
    asked.push({ operation, ...JSON.parse(body) });
    response.setHeader("content-type", "application/x-amz-json-1.0");
    response.end(operation === "GetSecretValue" ? JSON.stringify({ SecretString: "a key" }) : "{}");
  });
});
let handler;

before(async () => {
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${server.address().port}`,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "testing",
    AWS_SECRET_ACCESS_KEY: "testing",
    TABLE_NAME: "items",
    API_KEY_SECRET_ARN: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf",
  });
  ({ handler } = await import("../src/app.mjs"));
});
beforeEach(() => asked.splice(0));
after(() => server.close());

const record = (messageId, body) => ({ messageId, body: JSON.stringify(body) });

test("a job becomes an item", async () => {
  assert.deepEqual(await handler({ Records: [record("1", { id: "a" })] }), { batchItemFailures: [] });
  assert.deepEqual(asked.at(-1).Item, { id: { S: "a" }, done: { BOOL: true } });
});

test("only the job that fails comes back, and the secret is not fetched again", async () => {
  const answer = await handler({ Records: [record("1", {}), record("2", { id: "b" })] });
  assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: "1" }] });
  assert.deepEqual(asked.map((one) => one.operation), ["PutItem"]);
});
