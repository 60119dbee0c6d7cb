import contextlib
import os
import time
import uuid

import boto3

dynamodb = boto3.resource("dynamodb")


@contextlib.contextmanager
def locked(name):
    locks = dynamodb.Table(os.environ["LOCK_TABLE"])
    token = str(uuid.uuid4())
    locks.put_item(Item={"name": name, "token": token}, ConditionExpression="attribute_not_exists(#n)",
                   ExpressionAttributeNames={"#n": "name"})
    try:
        yield token
    finally:
        locks.delete_item(Key={"name": name})


class _Unit(contextlib.ExitStack):
    def __init__(self, album):
        super().__init__()
        self.album = album
        self.cover = None

    def __enter__(self):
        super().__enter__()
        self.batch = self.enter_context(dynamodb.Table(os.environ["PHOTO_TABLE"]).batch_writer())
        self.callback(self._announce)
        self.push(self._covered)
        return self

    def add(self, photo, token):
        self.batch.put_item(Item={"album": self.album, "photo": photo, "token": token})

    def _announce(self):
        client = boto3.client("events")
        client.put_events(Entries=[{"EventBusName": os.environ["BUS"], "Source": "albums",
                                    "DetailType": "changed", "Detail": "{}"}])

    def _covered(self, kind, error, trace):
        if kind is None and self.cover:
            cloudfront = boto3.client("cloudfront")
            cloudfront.create_invalidation(
                DistributionId=os.environ["DISTRIBUTION"],
                InvalidationBatch={"Paths": {"Quantity": 1, "Items": [f"/{self.cover}"]},
                                   "CallerReference": str(time.time())},
            )


unit = _Unit
