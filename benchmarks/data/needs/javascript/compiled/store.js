"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.save = save;
const aws_sdk_1 = require("aws-sdk");
const client = new aws_sdk_1.DynamoDB.DocumentClient();
function save(id, labels) {
    return client.put({ TableName: process.env.LABELS, Item: { id, labels } }).promise();
}
