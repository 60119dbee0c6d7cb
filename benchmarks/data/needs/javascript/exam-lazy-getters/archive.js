"use strict";
const aws = require("./aws");

exports.archive = function archive(found) {
  const Records = Object.entries(found).map(([key, words]) => ({ Data: `${key}\t${words.join(",")}\n` }));
  return aws.firehose.putRecordBatch({ DeliveryStreamName: process.env.WORDS_STREAM, Records }).promise();
};

exports.speak = (Text) => aws.polly.synthesizeSpeech({ Text, OutputFormat: "mp3", VoiceId: "Joanna" }).promise();
