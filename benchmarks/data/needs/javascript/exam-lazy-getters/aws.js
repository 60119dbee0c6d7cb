"use strict";
const AWS = require("aws-sdk");

const made = Object.create(null);
const services = { s3: "S3", comprehend: "Comprehend", firehose: "Firehose", polly: "Polly" };

for (const [name, kind] of Object.entries(services)) {
  Object.defineProperty(exports, name, {
    enumerable: true,
    get() {
      return made[name] || (made[name] = new AWS[kind]());
    },
  });
}
