"use strict";
const S3 = require("aws-sdk/clients/s3");
const { DocumentClient } = require("aws-sdk/clients/dynamodb");

const TABLE = process.env.LABELS_TABLE || "labels";

module.exports = class AwsStore {
  constructor() {
    this.s3 = new S3();
    this.rows = new DocumentClient({ params: { TableName: TABLE } });
  }

  tag(Bucket, Key, labels) {
    const TagSet = labels.slice(0, 10).map((Value, at) => ({ Key: `label-${at}`, Value }));
    return this.s3.putObjectTagging({ Bucket, Key, Tagging: { TagSet } }).promise();
  }

  put(Item) {
    return this.rows.put({ Item }).promise();
  }

  get(key) {
    return this.rows.get({ Key: { key } }).promise();
  }
};
