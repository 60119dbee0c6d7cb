"""CloudFormation templates, those of SAM and the CDK among them, read without AWS."""

from stockade.read.cloudformation.reader import read

__all__ = ["read"]
