"""Generators that are pushed into, and ones that hand on to others."""
import itertools
import os

import boto3

s3 = boto3.client("s3")
kinesis = boto3.client("kinesis")
BUCKET = os.environ["BUCKET"]


def keys(*prefixes):
    for prefix in prefixes:
        yield from below(prefix)


def below(prefix):
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix):
        yield from (one["Key"] for one in page.get("Contents", ()))


def sink(stream):
    def drain():
        while (batch := (yield)) is not None:
            kinesis.put_records(StreamName=stream, Records=[{"Data": key.encode(), "PartitionKey": key} for key in batch])

    target = drain()
    next(target)
    return target


def handler(event, context):
    target = sink(os.environ["STREAM"])
    large = (key for key in keys("a/", "b/") if s3.head_object(Bucket=BUCKET, Key=key)["ContentLength"] > 1000)
    while batch := list(itertools.islice(large, 500)):
        target.send(batch)
