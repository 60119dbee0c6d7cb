"use strict";

const kinds = {
  get aws() {
    return require("./aws-store");
  },
  get memory() {
    return require("./memory-store");
  },
};

module.exports.create = (kind) => new kinds[kind]();
