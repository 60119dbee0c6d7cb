"""A service with everything handed in, and types that say what."""
from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient


@dataclass(frozen=True)
class Dependencies:
    table: Table
    s3: S3Client
    sns: SNSClient
    topic: str


class Reports:
    def __init__(self, dependencies: Dependencies) -> None:
        self.deps = dependencies

    def publish(self, name: str) -> None:
        rows = self.deps.table.scan()["Items"]
        self.deps.s3.put_object(Bucket=os.environ["REPORTS"], Key=f"{name}.csv", Body=str(rows).encode())
        self.deps.sns.publish(TopicArn=self.deps.topic, Message=f"{name} is ready")


def dependencies() -> Dependencies:
    return Dependencies(
        table=boto3.resource("dynamodb").Table(os.environ["ROWS"]),
        s3=boto3.client("s3"),
        sns=boto3.client("sns"),
        topic=os.environ["READY_TOPIC"],
    )


reports = Reports(dependencies())


def handler(event: dict, context: object) -> None:
    reports.publish(event["name"])
