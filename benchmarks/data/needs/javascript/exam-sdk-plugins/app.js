"use strict";
const { KMSClient, DecryptCommand, EncryptCommand } = require("@aws-sdk/client-kms");
const { GetObjectCommand, PutObjectCommand } = require("@aws-sdk/client-s3");
const { SealedS3 } = require("./sealed");
const { metered } = require("./metered");

const kms = metered(new KMSClient({}), "kms");
const s3 = metered(new SealedS3({ bucket: process.env.SEALED_BUCKET, kms }), "s3");

const open = async (Key) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: process.env.SEALED_BUCKET, Key }));
  const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob: await Body.transformToByteArray() }));
  return Buffer.from(Plaintext).toString();
};

exports.handler = async ({ key, text }) => {
  if (text === undefined) return { text: await open(key) };
  await s3.seal(key, text);
  return { text: null };
};

exports.rewrap = (CiphertextBlob) => s3.send(new PutObjectCommand({ Bucket: "other", Key: "x", Body: CiphertextBlob }));
exports.commands = { EncryptCommand };
