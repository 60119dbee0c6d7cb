const { DynamoDB } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");

const documents = DynamoDBDocument.from(new DynamoDB({}));

const kept = async (page) => {
  await documents.put({ TableName: process.env.PAGES, Item: page });
  return page;
};
const forgotten = (page) => documents.delete({ TableName: process.env.PAGES, Key: { key: page.key } });

exports.steps = [kept];
exports.dropping = [forgotten];
exports.run = (functions) => (start) => functions.reduce((made, step) => made.then(step), Promise.resolve(start));
