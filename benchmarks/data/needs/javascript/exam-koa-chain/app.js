"use strict";
const compose = require("./compose");
const { authenticated, counted, guarded } = require("./middleware");
const AWS = require("aws-sdk");

const files = new AWS.S3({ signatureVersion: "v4" });

async function list(ctx) {
  const { Contents } = await files.listObjectsV2({ Bucket: process.env.FILES, Prefix: `${ctx.user}/` }).promise();
  ctx.body = Contents.map(({ Key }) => ({ name: Key, url: link(Key) }));
}

function link(Key) {
  return files.getSignedUrl("getObject", { Bucket: process.env.FILES, Key, Expires: 60 });
}

async function remove(ctx) {
  await files.deleteObject({ Bucket: process.env.FILES, Key: ctx.key }).promise();
}

const app = compose([guarded, counted, authenticated, list]);
exports.admin = compose([guarded, authenticated, remove]);

exports.handler = async ({ headers }) => {
  const ctx = { headers, status: 200, body: null };
  await app(ctx);
  return { statusCode: ctx.status, body: JSON.stringify(ctx.body) };
};
