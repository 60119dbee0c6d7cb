"""A pipeline out of small functions: partial, reduce, closures and remembered clients."""
import json
import os
from functools import cache, lru_cache, partial, partialmethod, reduce

import boto3


@cache
def client(service, **options):
    return boto3.client(service, **options)


textract = partial(client, "textract")
secrets = lru_cache(maxsize=None)(lambda: client("secretsmanager"))


def compose(*steps):
    return reduce(lambda before, after: lambda value: after(before(value)), steps)


def detected(record):
    found = textract().detect_document_text(Document={"S3Object": record})
    return [block.get("Text", "") for block in found["Blocks"]]


def signed(with_secret):
    key = None

    def sign(lines):
        nonlocal key
        if key is None:
            key = secrets().get_secret_value(SecretId=with_secret)["SecretString"]
        return {"lines": lines, "by": key[:4]}

    return sign


class Outlet:
    def __init__(self, name):
        self.name = name

    def emit(self, stream, value):
        getattr(self, "_" + self.name)(stream, value)
        return value

    def _kinesis(self, stream, value):
        client("kinesis").put_record(StreamName=stream, PartitionKey="1", Data=json.dumps(value))

    clicks = partialmethod(emit, os.environ["CLICK_STREAM"])


process = compose(
    lambda record: {"Bucket": record["bucket"]["name"], "Name": record["object"]["key"]},
    detected,
    signed(with_secret=os.environ["SIGNING_SECRET"]),
    Outlet("kinesis").clicks,
)


def handler(event, context):
    return [process(record["s3"]) for record in event["Records"]]
