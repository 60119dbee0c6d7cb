"""Names of resources that a policy can be scoped to, and what follows their ARN in one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from stockade.model.names.table import Dialect
from stockade.records import dataclass


@dataclass(frozen=True, slots=True)
class Scopable:
    """The resources of a service that its actions are about, by the types that declare them.

    ``arns`` are, for each resource type of the service's reference, what follows the resource's ARN:
    objects are ``/*`` after their bucket.
    """

    service: str
    terraform: str
    cloudformation: str
    arns: Mapping[str, str]


def _of(service: str, terraform: str, cloudformation: str, **arns: str) -> Scopable:
    return Scopable(service, terraform, cloudformation, MappingProxyType(arns))


_ALL: Final = (
    _of(
        "dynamodb",
        "aws_dynamodb_table",
        "AWS::DynamoDB::Table",
        table="",
        index="/index/*",
        stream="/stream/*",
    ),
    _of("s3", "aws_s3_bucket", "AWS::S3::Bucket", bucket="", object="/*"),
    _of("sqs", "aws_sqs_queue", "AWS::SQS::Queue", queue=""),
    _of("sns", "aws_sns_topic", "AWS::SNS::Topic", topic=""),
    _of("secretsmanager", "aws_secretsmanager_secret", "AWS::SecretsManager::Secret", Secret=""),
    _of("ssm", "aws_ssm_parameter", "AWS::SSM::Parameter", parameter=""),
    _of("kms", "aws_kms_key", "AWS::KMS::Key", key=""),
    _of("kinesis", "aws_kinesis_stream", "AWS::Kinesis::Stream", stream=""),
    _of(
        "firehose",
        "aws_kinesis_firehose_delivery_stream",
        "AWS::KinesisFirehose::DeliveryStream",
        deliverystream="",
    ),
    _of("states", "aws_sfn_state_machine", "AWS::StepFunctions::StateMachine", statemachine=""),
)

SCOPABLE: Final[Mapping[str, Scopable]] = MappingProxyType({one.service: one for one in _ALL})
"""By service."""

_BY_TYPE: Final[Mapping[tuple[Dialect, str], Scopable]] = {
    **{("terraform", one.terraform): one for one in _ALL},
    **{("cloudformation", one.cloudformation): one for one in _ALL},
}


def service_of(dialect: Dialect, kind: str) -> str | None:
    """The service that a resource type is of; ``None`` for one that policies are not scoped to here."""
    found = _BY_TYPE.get((dialect, kind))
    return found.service if found else None
