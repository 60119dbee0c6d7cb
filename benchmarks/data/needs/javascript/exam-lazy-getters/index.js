"use strict";
const aws = require("./aws");
const { archive } = require("./archive");

const OPERATIONS = { read: "getObject", mark: "putObjectTagging" };

class Document {
  constructor(key) {
    this.where = { Bucket: process.env.DOCUMENTS, Key: key };
  }

  call(operation, more = {}) {
    return aws.s3[OPERATIONS[operation]]({ ...this.where, ...more }).promise();
  }

  async words() {
    const { Body } = await this.call("read");
    const { Entities } = await aws.comprehend.detectEntities({ Text: Body.toString(), LanguageCode: "en" }).promise();
    return Entities.map(({ Text }) => Text);
  }

  mark(value) {
    return this.call("mark", { Tagging: { TagSet: [{ Key: "state", Value: value }] } });
  }
}

exports.handler = async ({ keys }) => {
  const found = {};
  for (const key of keys) {
    const document = new Document(key);
    found[key] = await document.words();
    await document.mark("read");
  }
  await archive(found);
  return found;
};
