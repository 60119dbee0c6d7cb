"""What reading from and writing to an encrypted resource needs of its key, where that is the customer's.

With a key that AWS owns, or manages for the service, nobody needs anything. Rows are those of the services'
pages on encryption at rest; the service asks KMS in its caller's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stockade.iam.breadth import only_tells_settings
from stockade.iam.catalog import Action

_READ: Final = ("kms:Decrypt",)
_BOTH: Final = ("kms:Decrypt", "kms:GenerateDataKey")
_WRITE: Final = ("kms:GenerateDataKey",)

_BY_ACTION: Final[Mapping[str, tuple[str, ...]]] = {
    "kinesis:GetRecords": _READ,
    "kinesis:PutRecord": _WRITE,
    "kinesis:PutRecords": _WRITE,
    "kinesis:SubscribeToShard": _READ,
    "s3:GetObject": _READ,
    "s3:GetObjectVersion": _READ,
    "s3:PutObject": _WRITE,
    "secretsmanager:CreateSecret": _BOTH,
    "secretsmanager:GetSecretValue": _READ,
    "secretsmanager:PutSecretValue": _BOTH,
    "secretsmanager:UpdateSecret": _BOTH,
    "sns:Publish": _BOTH,
    "sqs:ReceiveMessage": _READ,
    "sqs:SendMessage": _BOTH,
    "ssm:GetParameter": _READ,
    "ssm:GetParameterHistory": _READ,
    "ssm:GetParameters": _READ,
    "ssm:GetParametersByPath": _READ,
    "ssm:PutParameter": ("kms:Encrypt",),
}

_OF_TABLES: Final = frozenset(
    {
        "dynamodb:BatchGetItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:ConditionCheckItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:GetRecords",
        "dynamodb:PartiQLDelete",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLSelect",
        "dynamodb:PartiQLUpdate",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
    }
)
"""DynamoDB decrypts the table's own key in the caller's name, whether that reads or writes."""

_TOLD: Final = frozenset(
    {
        *("cloudwatch", "dynamodb", "events", "execute-api", "iam", "kinesis", "kms", "lambda", "logs", "s3"),
        *("secretsmanager", "ses", "sns", "sqs", "ssm", "states", "sts", "tag", "xray"),
    }
)
"""Services of which the rows above tell all, or that use no customer's key in their caller's name."""

PERHAPS: Final = frozenset({"CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey"})
"""What other services may ask of a key, as EC2 does to start an instance whose volumes are encrypted."""


def may_use_keys(action: Action) -> bool:
    """Whether a service may use a customer's key in the name of who takes an action, of which no row tells."""
    return action.service not in _TOLD and not only_tells_settings(action)


def with_key(action: str) -> tuple[str, ...]:
    """The actions on the key that an action on an encrypted resource needs; none where it touches no data."""
    return _READ if action in _OF_TABLES else _BY_ACTION.get(action, ())
