"use strict";
const { Pipeline } = require("./pipeline");
const stores = require("./stores");

const pipeline = new Pipeline(stores.create("aws"));

exports.handler = async function (event) {
  const done = [];
  for (const { s3 } of event.Records) {
    done.push(await pipeline.run(s3.bucket.name, decodeURIComponent(s3.object.key)));
  }
  return done;
};
