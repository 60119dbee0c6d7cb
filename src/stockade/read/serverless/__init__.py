"""The Serverless Framework: `serverless.yml` as the CloudFormation that the Framework makes of it."""
