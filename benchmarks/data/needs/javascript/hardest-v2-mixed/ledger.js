const DynamoDB = require("aws-sdk/clients/dynamodb");

const client = new DynamoDB.DocumentClient({ service: new DynamoDB() });
const table = process.env.LEDGER || "ledger";

module.exports = {
  write: (id, count) =>
    client
      .transactWrite({
        TransactItems: [
          { Put: { TableName: table, Item: { id, count } } },
          { Update: { TableName: table, Key: { id: "total" }, UpdateExpression: "ADD n :n" } },
        ],
      })
      .promise(),
  read: (id) => client.get({ TableName: table, Key: { id } }).promise(),
};
