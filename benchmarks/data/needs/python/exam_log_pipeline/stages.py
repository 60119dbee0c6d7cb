"""What the pipeline is made of."""
import gzip
import json
import os
from itertools import chain, islice

import boto3

s3 = boto3.client("s3")
comprehend = boto3.client("comprehend")


def names(bucket):
    def run(prefix):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            yield from ((bucket, one["Key"]) for one in page.get("Contents", ()))

    return run


def lines(places):
    yield from chain.from_iterable(map(_lines_of, places))


def _lines_of(place):
    bucket, key = place
    body = s3.get_object(Bucket=bucket, Key=key)["Body"]
    with gzip.open(body, "rt") as text:
        yield from text


def masked(items):
    for line in items:
        found = comprehend.detect_pii_entities(Text=line, LanguageCode="en")["Entities"]
        for one in reversed(found):
            line = line[: one["BeginOffset"]] + "…" + line[one["EndOffset"] :]
        yield line


def batches(size):
    def run(items):
        items = iter(items)
        while batch := list(islice(items, size)):
            yield batch

    return run


def sent():
    stream = boto3.client("firehose")
    count = 0
    try:
        while True:
            batch = yield
            count += len(batch)
            stream.put_record_batch(
                DeliveryStreamName=os.environ["ERROR_STREAM"],
                Records=[{"Data": json.dumps({"line": line}).encode()} for line in batch],
            )
    finally:
        boto3.client("cloudwatch").put_metric_data(
            Namespace="Logs", MetricData=[{"MetricName": "Errors", "Value": count}]
        )
