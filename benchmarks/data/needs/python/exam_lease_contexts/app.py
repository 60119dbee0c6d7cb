"""Rebuilds a search index, one at a time, and undoes what it began if that fails."""
import contextlib
import os

import boto3

from leases import Lease, leased

INDEX = os.environ["INDEX_BUCKET"]


@contextlib.contextmanager
def scratch(s3, prefix):
    key = f"{prefix}/building"
    s3.put_object(Bucket=INDEX, Key=key, Body=b"")
    try:
        yield key
    finally:
        s3.delete_object(Bucket=INDEX, Key=key)


def swap(s3, built, live):
    s3.copy_object(Bucket=INDEX, Key=live, CopySource=f"{INDEX}/{built}")


@leased("index")
def rebuild(event):
    s3 = boto3.client("s3")
    with contextlib.ExitStack() as stack:
        key = stack.enter_context(scratch(s3, event["name"]))
        failed = stack.enter_context(contextlib.ExitStack())
        failed.callback(
            boto3.client("sns").publish, TopicArn=os.environ["ALARM_TOPIC"], Message=f"{key} could not be built"
        )
        swap(s3, key, event["name"])
        failed.pop_all()
    return key


def handler(event, context):
    with contextlib.suppress(Lease.Taken):
        return {"built": rebuild(event)}
    return {"built": None}
