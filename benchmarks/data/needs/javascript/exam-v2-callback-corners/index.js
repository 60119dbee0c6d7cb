"use strict";
const zlib = require("zlib");
const AWS = require("aws-sdk");
const { archive, ready } = require("./files");

AWS.config.update({ maxRetries: 4 });
const logs = new AWS.CloudWatchLogs();
const ec2 = new AWS.EC2();

function groups(prefix, callback) {
  const names = [];
  logs.describeLogGroups({ logGroupNamePrefix: prefix }).eachPage((error, page, done) => {
    if (error) return callback(error);
    if (page === null) return callback(null, names);
    names.push(...page.logGroups.map((group) => group.logGroupName));
    if (done) done();
    return true;
  });
}

function stopped(InstanceIds, callback) {
  const request = ec2.stopInstances({ InstanceIds });
  request
    .on("success", () => ec2.waitFor("instanceStopped", { InstanceIds }, callback))
    .on("error", callback)
    .send();
}

exports.handler = (event, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = false;
  groups(event.prefix, (error, names) => {
    if (error) return callback(error);
    stopped(event.machines, (failure) => {
      if (failure) return callback(failure);
      archive(event.key, names, zlib.createGzip(), (bad, place) => {
        if (bad) return callback(bad);
        ready(place).then((url) => callback(null, { url }), callback);
      });
    });
  });
};

exports.started = (ids, callback) => ec2.startInstances({ InstanceIds: ids }, callback);
