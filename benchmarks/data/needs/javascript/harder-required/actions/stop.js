const AWS = require("aws-sdk");

module.exports = (detail) => new AWS.StepFunctions().stopExecution({ executionArn: detail.arn }).promise();
