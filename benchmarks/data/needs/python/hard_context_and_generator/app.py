"""A client from a context manager, pages from a generator that delegates."""
import contextlib
import os

import boto3


@contextlib.contextmanager
def opened(service):
    client = boto3.client(service)
    try:
        yield client
    finally:
        client.close()


def keys(s3, bucket):
    yield from (one["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket) for one in page["Contents"])


def handler(event, context):
    with opened("s3") as s3, opened("sqs") as sqs:
        for key in keys(s3, os.environ["SOURCE"]):
            sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=key)
