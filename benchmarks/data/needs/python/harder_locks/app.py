"""A lock in a table, held by a stack of contexts while an object is moved."""
import contextlib
import os

import boto3
from lock import Lock

s3 = boto3.client("s3")


@contextlib.contextmanager
def moved(source, target, key):
    s3.copy_object(Bucket=target, Key=key, CopySource={"Bucket": source, "Key": key})
    try:
        yield key
    finally:
        s3.delete_object(Bucket=source, Key=key)


def handler(event, context):
    with contextlib.ExitStack() as stack:
        stack.enter_context(Lock(event["key"]))
        return stack.enter_context(moved(os.environ["FROM"], os.environ["TO"], event["key"]))
