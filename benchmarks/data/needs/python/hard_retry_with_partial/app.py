"""Bound methods in partials, called by a helper that tries again."""
import functools
import os
import time

import boto3

kinesis = boto3.client("kinesis")


def insist(function, times=3):
    for at in range(times):
        try:
            return function()
        except Exception:
            time.sleep(2**at)
    raise RuntimeError


def handler(event, context):
    put = functools.partial(kinesis.put_record, StreamName=os.environ["STREAM"], PartitionKey="k")
    insist(functools.partial(put, Data=b"x"))
    insist(lambda: boto3.client("events").put_events(Entries=[{"EventBusName": os.environ["BUS"], "Detail": "{}"}]))
