const AWS = require("aws-sdk");

const flows = new AWS.StepFunctions();
module.exports = function start(detail) {
  return new Promise((resolve, reject) => {
    flows.startExecution({ stateMachineArn: process.env.MACHINE, input: JSON.stringify(detail) }, (failure, made) =>
      failure ? reject(failure) : resolve(made),
    );
  });
};
