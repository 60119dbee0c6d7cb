const { DynamoDBClient, GetItemCommand, UpdateItemCommand, DeleteItemCommand } = require("@aws-sdk/client-dynamodb");

const db = new DynamoDBClient({});

function Entity(id, table) {
  this.id = id;
  this.table = table;
}

Entity.prototype.key = function () {
  return { TableName: this.table, Key: { id: { S: this.id } } };
};

Entity.prototype.change = function (values) {
  const [[name, value]] = Object.entries(values);
  return db.send(
    new UpdateItemCommand({
      ...this.key(),
      UpdateExpression: "SET #n = :v",
      ExpressionAttributeNames: { "#n": name },
      ExpressionAttributeValues: { ":v": { S: value } },
    }),
  );
};

Entity.prototype.remove = function () {
  return db.send(new DeleteItemCommand(this.key()));
};

exports.Entity = Entity;
exports.describe = function () {
  return db.send(new GetItemCommand(this.key()));
};
