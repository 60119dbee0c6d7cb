"use strict";
const { S3Client, PutObjectCommand, PutObjectAclCommand } = require("@aws-sdk/client-s3");
const { GenerateDataKeyCommand, EncryptCommand } = require("@aws-sdk/client-kms");

/** A client of S3 that can do one thing more. */
class SealedS3 extends S3Client {
  constructor({ bucket, kms, ...config }) {
    super(config);
    this.bucket = bucket;
    this.kms = kms;
  }

  async seal(Key, text) {
    const { CiphertextBlob } = await this.kms.send(
      new EncryptCommand({ KeyId: process.env.SEAL_KEY_ARN, Plaintext: Buffer.from(text) }),
    );
    return this.send(new PutObjectCommand({ Bucket: this.bucket, Key, Body: CiphertextBlob }));
  }

  async envelope() {
    return this.kms.send(new GenerateDataKeyCommand({ KeyId: process.env.SEAL_KEY_ARN, KeySpec: "AES_256" }));
  }

  publish(Key) {
    return this.send(new PutObjectAclCommand({ Bucket: this.bucket, Key, ACL: "public-read" }));
  }
}

module.exports = { SealedS3 };
