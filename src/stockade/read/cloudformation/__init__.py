"""CloudFormation templates, those of SAM and the CDK among them, read without AWS."""
