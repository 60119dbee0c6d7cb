"""Which pages are read and what is waited for stands in a table."""
import os
from dataclasses import dataclass
from itertools import chain

import boto3


@dataclass(frozen=True)
class Inventory:
    service: str
    pages: str
    key: str

    def rows(self):
        client = boto3.client(self.service)
        if not client.can_paginate(self.pages):
            return getattr(client, self.pages)()[self.key]
        paginator = client.get_paginator(self.pages)
        return chain.from_iterable(page[self.key] for page in paginator.paginate())


INVENTORIES = {
    "functions": Inventory("lambda", "list_functions", "Functions"),
    "tables": Inventory("dynamodb", "list_tables", "TableNames"),
    "keys": Inventory("kms", "list_keys", "Keys"),
}
WAITS = (("snapshot_completed", {"Delay": 5}), ("volume_available", {"MaxAttempts": 3}))
ec2 = boto3.client("ec2")


def settle(snapshot, volume):
    wanted = {"snapshot_completed": {"SnapshotIds": [snapshot]}, "volume_available": {"VolumeIds": [volume]}}
    for name, pace in WAITS:
        ec2.get_waiter(name).wait(WaiterConfig=pace, **wanted[name])


def handler(event, context):
    counts = {name: sum(1 for _ in one.rows()) for name, one in INVENTORIES.items()}
    if event.get("snapshot"):
        settle(event["snapshot"], event["volume"])
    s3 = boto3.client("s3")
    s3.put_object(Bucket=os.environ["COUNTS"], Key="counts", Body=repr(counts))
    s3.get_waiter("object_exists").wait(Bucket=os.environ["COUNTS"], Key="counts")
    return counts
