"""An account is whose clients we use: our own, or one whose role we assume."""
from __future__ import annotations

import os
from functools import cache

import boto3


class Account:
    def __init__(self, session: boto3.Session, log: str):
        self._session, self._log = session, log

    @property
    def reader(self):
        return self._session.client("dynamodb")

    @property
    def writer(self):
        return self._session.client("firehose")

    def note(self, text: str) -> None:
        method = "put_parameter"
        getattr(self._session.client("ssm"), method)(Name=self._log, Value=text, Type="String", Overwrite=True)

    @classmethod
    def assumed(cls, role: str, *, external: str) -> Account:
        keys = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="export", ExternalId=external)["Credentials"]
        session = boto3.Session(
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )
        return cls(session, "/vendor/last-export")


@cache
def own() -> Account:
    return Account(boto3.Session(region_name=os.environ.get("AWS_REGION", "eu-west-1")), "/exports/last")
