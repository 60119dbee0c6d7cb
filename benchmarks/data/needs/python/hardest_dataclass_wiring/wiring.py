from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import Any

import boto3
from botocore.exceptions import ClientError


@dataclass(frozen=True)
class Reader:
    client: Any
    bucket: str
    prefix: str = "inbox/"

    def fetch(self, identifier):
        try:
            return self.client.get_object(Bucket=self.bucket, Key=f"{self.prefix}{identifier}.json")["Body"].read()
        except ClientError:
            return None


@dataclass
class Writer:
    table: Any
    written: list[str] = field(default_factory=list)
    client: Any = field(init=False)

    def __post_init__(self):
        self.client = self.table.meta.client

    def write(self, identifier, document):
        self.client.put_item(TableName=self.table.name, Item={"id": identifier, "body": document.decode()})
        self.written.append(identifier)


@dataclass
class Bell:
    topic: str = field(default_factory=lambda: os.environ["DONE_TOPIC"])
    sns: Any = field(default_factory=lambda: boto3.client("sns"), repr=False)

    def ring(self, count):
        self.sns.publish(TopicArn=self.topic, Message=f"{count} documents")


@dataclass(frozen=True)
class Wiring:
    reader: Reader
    writer: Writer
    bell: Bell = field(default_factory=Bell)

    @classmethod
    def from_environment(cls, environment=os.environ):
        session = boto3.session.Session()
        draft = Reader(client=session.client("s3"), bucket="")
        return cls(
            reader=replace(draft, bucket=environment["INBOX"]),
            writer=Writer(session.resource("dynamodb").Table(environment["DOCUMENTS"])),
        )
