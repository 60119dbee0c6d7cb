"""Leases in a table, as a context and as a decorator."""
import contextlib
import os
import threading
import time

import boto3
from botocore.exceptions import ClientError


class Lease(contextlib.ContextDecorator):
    class Taken(Exception):
        pass

    _lock = threading.Lock()

    def __init__(self, name, seconds=300, client=None):
        self.name, self.seconds = name, seconds
        self._dynamodb = client or boto3.client("dynamodb", region_name=os.environ["AWS_REGION"])
        self._key = {"name": {"S": name}}

    def __enter__(self):
        with self._lock:
            try:
                self._dynamodb.update_item(
                    TableName=os.environ["LEASE_TABLE"],
                    Key=self._key,
                    UpdateExpression="SET until = :until",
                    ConditionExpression="attribute_not_exists(until) OR until < :now",
                    ExpressionAttributeValues={
                        ":until": {"N": str(int(time.time()) + self.seconds)},
                        ":now": {"N": str(int(time.time()))},
                    },
                )
            except ClientError as error:
                raise self.Taken(self.name) from error
        return self

    def __exit__(self, *error):
        self.release()

    def release(self):
        self._dynamodb.delete_item(TableName=os.environ["LEASE_TABLE"], Key=self._key)

    def peek(self):
        return self._dynamodb.get_item(TableName=os.environ["LEASE_TABLE"], Key=self._key)


def leased(name):
    return Lease(f"{os.environ['STAGE']}/{name}")
