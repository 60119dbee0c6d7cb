// Version 2 of the SDK in all of its manners: callbacks, promises, requests, pages, waiters.
const AWS = require("aws-sdk");
const { promisify } = require("util");
const ledger = require("./ledger");

AWS.config.update({ maxRetries: 2 });
const s3 = new AWS.S3({ signatureVersion: "v4", params: { Bucket: process.env.EXPORTS } });
const { Glue, Athena: Query } = AWS;
const glue = new Glue();
const athena = new Query();
const startQuery = promisify(athena.startQueryExecution).bind(athena);

function partitions(done) {
  const all = [];
  glue
    .getPartitions({ DatabaseName: process.env.DATABASE, TableName: "clicks" })
    .eachPage((error, page, next) => {
      if (error) return done(error);
      if (page === null) return done(null, all);
      all.push(...page.Partitions);
      next();
    });
}

function publish(Key, callback) {
  s3.putObject({ Key, Body: "done" })
    .on("success", () => s3.waitFor("objectExists", { Key }, callback))
    .on("error", callback)
    .send();
}

exports.handler = (event, context, callback) => {
  partitions(async (error, found) => {
    if (error) return callback(error);
    try {
      const { QueryExecutionId } = await startQuery({
        QueryString: "msck repair table clicks",
        WorkGroup: process.env.WORKGROUP,
      });
      await ledger.write(QueryExecutionId, found.length);
      const link = s3.getSignedUrl("getObject", { Key: "report.csv", Expires: 60 });
      publish(`${QueryExecutionId}.done`, (failed) => callback(failed, { link }));
    } catch (thrown) {
      callback(thrown);
    }
  });
};
