// Steps in a list, each of which gets what the one before it made.
const { S3Client, GetObjectCommand } = require("@aws-sdk/client-s3");
const { TextractClient, DetectDocumentTextCommand } = require("@aws-sdk/client-textract");
const { steps, run } = require("./steps");

const s3 = new S3Client({});
const textract = new TextractClient({});

const fetched = async ({ key }) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: process.env.INBOX, Key: key }));
  return { key, bytes: await Body.transformToByteArray() };
};

const read = async ({ key, bytes }) => {
  const { Blocks = [] } = await textract.send(new DetectDocumentTextCommand({ Document: { Bytes: bytes } }));
  return { key, text: Blocks.map((block) => block.Text).join(" ") };
};

exports.handler = async (event) => {
  const records = event.Records.map(({ s3: { object } }) => ({ key: object.key }));
  const all = await Promise.allSettled(records.map(run([fetched, read, ...steps])));
  return all.filter(({ status }) => status === "fulfilled").length;
};
