"use strict";

class Site {
  #write;
  #list;
  #bucket;

  constructor(s3, bucket) {
    this.s3 = s3;
    this.#bucket = bucket;
    this.#write = s3.putObject.bind(s3, { Bucket: bucket, Key: "latest.html", ContentType: "text/html" });
    this.#list = ({ token }) => s3.listObjectsV2({ Bucket: bucket, ContinuationToken: token });
  }

  async write(Key, Body) {
    await this.s3.putObject({ Bucket: this.#bucket, Key, Body });
    if (Key.startsWith("news/")) await this.#write();
  }

  async stale(keep) {
    const found = [];
    let token;
    do {
      const page = await this.#list({ token });
      for (const { Key } of page.Contents || []) if (!keep.has(Key)) found.push({ Key });
      token = page.NextContinuationToken;
    } while (token);
    return found;
  }

  remove(Objects) {
    return this.s3.deleteObjects({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } });
  }

  website() {
    return this.s3.getBucketWebsite({ Bucket: this.#bucket });
  }
}

exports.Site = Site;
