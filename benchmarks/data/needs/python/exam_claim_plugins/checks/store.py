"""Claims as a mapping."""
import os
from collections.abc import MutableMapping

import boto3


class Claims(MutableMapping):
    def __init__(self):
        self._table = boto3.resource("dynamodb").Table(os.environ["CLAIMS"])
        self._local = {}

    def __getitem__(self, key):
        return self._table.get_item(Key={"id": key})["Item"]

    def __setitem__(self, key, results):
        self._table.put_item(Item={"id": key, **results})
        self._local[key] = results

    def __delitem__(self, key):
        self._table.delete_item(Key={"id": key})

    def __iter__(self):
        return iter(self._local)

    def __len__(self):
        return len(self._local)

    def escalate(self, claim):
        boto3.resource("sns").Topic(os.environ["REVIEW_TOPIC"]).publish(Message=claim["id"])
