"use strict";
const { promisify } = require("util");
const AWS = require("aws-sdk");
const { converted } = require("./convert");

const dynamodb = new AWS.DynamoDB();
const ssm = new AWS.SSM();
const scan = promisify(dynamodb.scan.bind(dynamodb));
const putParameter = promisify((params, callback) => ssm.putParameter(params, callback));

const FROM = process.env.FROM_TABLE;
const TO = `${process.env.STAGE}-customers`;
const PROGRESS = ["", "migration", process.env.STAGE, "progress"].join("/");

function write(items, done) {
  const requests = items.map((item) => ({ PutRequest: { Item: converted(item) } }));
  dynamodb.batchWriteItem({ RequestItems: { [TO]: requests } }, (error, data) => {
    if (error) return done(error);
    done(null, Object.keys(data.UnprocessedItems || {}).length);
  });
}

async function* pages(start) {
  let ExclusiveStartKey = start;
  do {
    const page = await scan({ TableName: FROM, ExclusiveStartKey, Limit: 25 });
    yield page.Items;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

async function progress() {
  try {
    const { Parameter } = await ssm.getParameter({ Name: PROGRESS }).promise();
    return JSON.parse(Parameter.Value);
  } catch (error) {
    if (error.code === "ParameterNotFound") return undefined;
    throw error;
  }
}

module.exports.run = async (event, context) => {
  let count = 0;
  for await (const items of pages(await progress())) {
    await promisify(write)(items);
    count += items.length;
    if (context.getRemainingTimeInMillis() < 20000) {
      await putParameter({ Name: PROGRESS, Value: JSON.stringify(items.at(-1)), Type: "String", Overwrite: true });
      break;
    }
  }
  return { count };
};

module.exports.rollback = () => dynamodb.deleteTable({ TableName: TO }).promise();
