// Callbacks in callbacks, of the second version of the SDK.
var AWS = require("aws-sdk");
var s3 = new AWS.S3({ params: { Bucket: process.env.BUCKET } });
var async = require("async");

exports.handler = function (event, context, callback) {
  async.waterfall(
    [
      function download(next) {
        s3.getObject({ Key: event.key }, next);
      },
      function upload(response, next) {
        s3.putObject({ Key: "out/" + event.key, Body: response.Body }, next);
      },
    ],
    callback,
  );
};
