"use strict";
const { S3 } = require("@aws-sdk/client-s3");
const { SSM } = require("@aws-sdk/client-ssm");
const { SQS } = require("@aws-sdk/client-sqs");
const { Site } = require("./site");

const ssm = new SSM({});
const sqs = new SQS({});

const limit = new Promise((resolve, reject) => {
  ssm.getParameter({ Name: "/site/limits/pages" }, (error, data) => (error ? reject(error) : resolve(+data.Parameter.Value)));
});

exports.handler = async ({ pages }) => {
  const site = new Site(new S3({}), process.env.SITE_BUCKET);
  const { getObject, ...rest } = { getObject: JSON.parse, parse: JSON.parse };
  const wanted = pages.map((page) => (typeof page === "string" ? getObject(page) : page));
  const now = wanted.slice(0, await limit);
  for (const page of now) await site.write(page.path, page.html);
  const stale = await site.stale(new Set(now.map(({ path }) => path)));
  if (stale.length) await site.remove(stale);
  for (const page of wanted.slice(now.length)) {
    await sqs.sendMessage({ QueueUrl: process.env.LATER_URL, MessageBody: JSON.stringify(page) });
  }
  return Object.keys(rest).length + now.length;
};
