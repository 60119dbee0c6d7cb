from collections import namedtuple
from os import environ
from typing import Any, NamedTuple

import boto3

Shard = namedtuple("Shard", "client url group", defaults=[("MessageGroupId", "all")])


class Place(NamedTuple):
    table: Any
    index: str = "by-owner"
    overflow: str = environ.get("OVERFLOW_URL", "")


_sqs = boto3.client("sqs")
_tables = boto3.resource("dynamodb")

SHARDS = [Shard(_sqs, environ["SHARD_A_URL"]), Shard(_sqs, url=environ["SHARD_B_URL"])]


def locate(tenant):
    return Place(_tables.Table(environ["TENANT_TABLE"]))
