"""The resources that have policies of their own: their types by AWS's names, services, limits and ARNs."""

from __future__ import annotations

from typing import Final

from stockade.records import record


@record
class ResourceType:
    """A type of resource with a policy. ``service`` is the prefix of its actions.

    ``resources`` are globs of the last part of the ARNs that its policy may be about, none where that was not
    looked up. ``quota`` is how many characters its policy may have, 0 where AWS does not say.
    """

    service: str
    resources: tuple[str, ...] = ()
    quota: int = 0


RESOURCE_TYPES: Final = {
    "AWS::DynamoDB::Table": ResourceType("dynamodb", ("table/*",), 20_480),
    "AWS::EFS::FileSystem": ResourceType("elasticfilesystem", ("file-system/*",), 20_000),
    "AWS::Events::EventBus": ResourceType("events", ("event-bus/*", "rule/*"), 10_240),
    "AWS::IAM::AssumeRolePolicyDocument": ResourceType("sts"),
    "AWS::KMS::Key": ResourceType("kms", ("key/*",), 32_768),
    "AWS::Lambda::Function": ResourceType("lambda", ("function:*",), 20_480),
    "AWS::S3::AccessPoint": ResourceType("s3", ("accesspoint/*",), 20_480),
    "AWS::S3::Bucket": ResourceType("s3", ("*",), 20_480),
    "AWS::SecretsManager::Secret": ResourceType("secretsmanager", ("secret:*",), 20_480),
    "AWS::SNS::Topic": ResourceType("sns", ("*",), 30_720),
    "AWS::SQS::Queue": ResourceType("sqs", ("*",), 8_192),
}
"""By CloudFormation's names, which are those that Access Analyzer takes. The trust policy's is its own."""


def service_of(resource_type: str) -> str | None:
    """The service of a type of resource; ``None`` where no type is given, or another one."""
    found = RESOURCE_TYPES.get(resource_type)
    return found.service if found else None
