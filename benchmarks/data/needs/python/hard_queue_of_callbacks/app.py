"""What is to be done is put into a list and done at the end."""
import os

import boto3

s3 = boto3.client("s3")


class Unit:
    def __init__(self):
        self._todo = []

    def later(self, function, *given, **named):
        self._todo.append((function, given, named))
        return self

    def __exit__(self, *_):
        for function, given, named in self._todo:
            function(*given, **named)

    def __enter__(self):
        return self


def handler(event, context):
    with Unit() as unit:
        unit.later(s3.delete_object, Bucket=os.environ["OLD"], Key=event["key"])
        unit.later(s3.upload_file, "/tmp/x", os.environ["NEW"], event["key"])
