"""Clients that are made when they are first asked for: `clients.s3`."""
import boto3
from botocore.config import Config

_NAMES = {"s3": "s3", "iam": "iam", "ssm": "ssm", "securityhub": "securityhub", "ec2": "ec2"}
_CONFIG = Config(retries={"max_attempts": 8, "mode": "adaptive"})


def __getattr__(name):
    if name not in _NAMES:
        raise AttributeError(name)
    made = globals()[name] = boto3.client(_NAMES[name], config=_CONFIG)
    return made
