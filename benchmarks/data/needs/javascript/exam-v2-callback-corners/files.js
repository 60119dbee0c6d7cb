"use strict";
const { PassThrough } = require("stream");
const S3 = require("aws-sdk/clients/s3");

const source = new S3({ params: { Bucket: process.env.RAW_BUCKET } });
const target = new S3({ params: { Bucket: process.env.ARCHIVE_BUCKET } });

exports.archive = function archive(Key, names, packed, callback) {
  const Body = new PassThrough();
  source.getObject({ Key }).createReadStream().on("error", callback).pipe(packed).pipe(Body);
  const upload = target.upload({ Key: `${Key}.gz`, Body, Metadata: { groups: String(names.length) } });
  upload.send((error, data) => callback(error, data && data.Key));
};

exports.ready = async function ready(Key) {
  await target.waitFor("objectExists", { Key }).promise();
  return target.getSignedUrlPromise("getObject", { Key, Expires: 300 });
};

exports.form = (Key) => source.createPresignedPost({ Fields: { Key } });

// Of streams, not of buckets.
exports.upload = (from, to) => from.pipe(to);
