var AWS = require("aws-sdk");
var s3 = new AWS.S3({ signatureVersion: "v4" });
var transcribe = new AWS.TranscribeService();

function exists(bucket, key) {
  return s3
    .headObject({ Bucket: bucket, Key: key })
    .promise()
    .then(function () { return true; })
    .catch(function (error) {
      if (error.code === "NotFound") return false;
      throw error;
    });
}

exports.handler = function (event) {
  var source = event.Records[0].s3;
  return exists(process.env.OUTPUT, source.object.key + ".json").then(function (there) {
    if (there) return null;
    return transcribe
      .startTranscriptionJob({
        TranscriptionJobName: "job-" + Date.now(),
        Media: { MediaFileUri: "s3://" + source.bucket.name + "/" + source.object.key },
        OutputBucketName: process.env.OUTPUT,
      })
      .promise();
  });
};
