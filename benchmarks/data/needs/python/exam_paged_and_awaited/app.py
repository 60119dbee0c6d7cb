"""Restores a copy of last night's database for the testers and rolls their services."""
import os
from functools import partial

import boto3
from botocore.config import Config

from waiting import Patience, pages

QUIET = Config(retries={"mode": "adaptive"}, read_timeout=20)
rds = boto3.client("rds", config=QUIET)
ecs = boto3.client("ecs", config=QUIET)


def newest(database):
    found = pages(rds, "describe_db_snapshots", DBInstanceIdentifier=database).search(
        "sort_by(DBSnapshots[?Status=='available'], &SnapshotCreateTime)[-1].DBSnapshotIdentifier"
    )
    return next((one for one in found if one), None)


def services(cluster):
    for page in pages(ecs, "list_services", cluster=cluster):
        yield from page["serviceArns"]


def handler(event, context):
    copy, cluster = os.environ["TEST_DATABASE"], os.environ["TEST_CLUSTER"]
    patience = Patience(rds, delay=20)
    snapshot = newest(os.environ["LIVE_DATABASE"])
    if snapshot is None:
        return {"restored": None}
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier=copy, DBSnapshotIdentifier=snapshot)
    patience.until("db_instance_available", DBInstanceIdentifier=copy)
    redeploy = partial(ecs.update_service, cluster=cluster, forceNewDeployment=True)
    rolled = [redeploy(service=one)["service"]["serviceArn"] for one in services(cluster)]
    if rolled:
        ecs.get_waiter("services_stable").wait(cluster=cluster, services=rolled)
    return {"restored": snapshot, "rolled": len(rolled)}
