"""Contexts: a lease in a table, a folder that is emptied at the end."""
import os
from contextlib import contextmanager

import boto3
from botocore.exceptions import ClientError


class Lease:
    def __init__(self, name):
        self._key, self._held = {"name": {"S": name}}, False
        self._db = boto3.client("dynamodb")

    def __enter__(self):
        try:
            self._db.put_item(
                TableName=os.environ["LEASES_TABLE"], Item=self._key, ConditionExpression="attribute_not_exists(#n)",
                ExpressionAttributeNames={"#n": "name"},
            )
            self._held = True
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
        return self

    def __bool__(self):
        return self._held

    def __exit__(self, *_):
        if self:
            self._db.delete_item(TableName=os.environ["LEASES_TABLE"], Key=self._key)
        return False

    def noted(self, text):
        boto3.client("cloudwatch").put_metric_data(
            Namespace="Exports", MetricData=[{"MetricName": text, "Value": 1}]
        )


class Folder:
    def __init__(self, bucket, prefix):
        self._bucket, self._prefix = boto3.resource("s3").Bucket(bucket), prefix

    def write(self, number, page):
        text = "\n".join(",".join(row) for row in page)
        self._bucket.put_object(Key=f"{self._prefix}{number:05}", Body=text.encode())
        return len(page)

    def publish(self, bucket, key):
        source = {"Bucket": self._bucket.name, "Key": f"{self._prefix}00000"}
        self._bucket.meta.client.copy(source, bucket, key)

    def empty(self):
        for one in self._bucket.objects.filter(Prefix=self._prefix):
            one.delete()


@contextmanager
def scratch(bucket):
    folder = Folder(bucket, "tmp/")
    try:
        yield folder
    finally:
        folder.empty()
