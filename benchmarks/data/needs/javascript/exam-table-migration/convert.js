"use strict";
const { Converter } = require("aws-sdk").DynamoDB;

const steps = [
  (row) => ({ ...row, pk: `customer#${row.id}` }),
  ({ legacy, ...row }) => row,
];

exports.converted = (item) => Converter.marshall(steps.reduce((row, step) => step(row), Converter.unmarshall(item)));
