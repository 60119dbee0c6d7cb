"use strict";
const AWS = require("aws-sdk");

class Pipeline {
  constructor(store) {
    this.store = store;
    this.eyes = new AWS.Rekognition({ apiVersion: "2016-06-27" });
    this.steps = [this.label, this.text, this.keep];
  }

  async run(bucket, key) {
    const state = { bucket, key, image: { S3Object: { Bucket: bucket, Name: key } } };
    for (const step of this.steps) Object.assign(state, await step.call(this, state));
    return { key, labels: state.labels, text: state.words };
  }

  async label({ image }) {
    const { Labels } = await this.eyes.detectLabels({ Image: image, MaxLabels: 10 }).promise();
    return { labels: Labels.map((one) => one.Name) };
  }

  async text({ image, labels }) {
    if (!labels.includes("Text")) return { words: [] };
    const { TextDetections } = await this.eyes.detectText({ Image: image }).promise();
    return { words: TextDetections.map((one) => one.DetectedText) };
  }

  async keep({ bucket, key, labels }) {
    await this.store.tag(bucket, key, labels);
    await this.store.put({ key, labels });
  }

  async faces({ image }) {
    return this.eyes.detectFaces({ Image: image }).promise();
  }
}

module.exports = { Pipeline };
