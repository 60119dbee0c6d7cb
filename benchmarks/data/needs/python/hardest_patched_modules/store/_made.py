import functools
import os

BUCKET = os.environ["BLOBS"]


@functools.cache
def client(service="s3"):
    import boto3

    return boto3.client(service)
