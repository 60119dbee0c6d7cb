"""Receipts by their number."""
import os

import boto3


class Receipts:
    bucket = os.environ["RECEIPTS_BUCKET"]

    def __getitem__(self, number):
        return _Receipt(self.bucket, f"{number}.txt")

    def __delitem__(self, number):
        boto3.client("s3").delete_object(Bucket=self.bucket, Key=f"{number}.txt")


class _Receipt:
    def __init__(self, bucket, key):
        self._object = boto3.resource("s3").Object(bucket, key)

    def save(self, text):
        self._object.put(Body=text.encode(), ServerSideEncryption="AES256")
        return self._object.key
