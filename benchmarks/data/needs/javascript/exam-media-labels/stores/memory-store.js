"use strict";
const AWS = require("aws-sdk");

module.exports = class MemoryStore {
  constructor() {
    this.rows = new Map();
    this.log = new AWS.CloudWatchLogs();
  }

  async tag() {}

  async put(row) {
    this.rows.set(row.key, row);
    await this.log.putLogEvents({ logGroupName: "memory", logStreamName: "memory", logEvents: [] }).promise();
  }
};
