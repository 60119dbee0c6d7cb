"""Every night: snapshots of volumes that ask for it, and the old ones away."""
import operator
from datetime import datetime, timedelta, timezone

import boto3

from plan import Action, actions

ec2 = boto3.resource("ec2")
HOW = {
    Action.SNAPSHOT: ("create_snapshot", {"Description": "nightly"}),
    Action.TAG: ("create_tags", {"Tags": [{"Key": "backup", "Value": "seen"}]}),
}


def _apply(volume, action):
    name, arguments = HOW[action]
    return operator.methodcaller(name, **arguments)(volume)


def _expired(days):
    before = datetime.now(timezone.utc) - timedelta(days=days)
    old = ec2.snapshots.filter(OwnerIds=["self"], Filters=[{"Name": "description", "Values": ["nightly"]}])
    return [one for one in old.limit(500) if one.start_time < before and one.state == "completed"]


def handler(event, context):
    made = []
    volumes = ec2.volumes.filter(Filters=[{"Name": "tag-key", "Values": ["backup"]}])
    for volume in volumes:
        for action in actions(volume.size, volume.tags or []):
            made.append(_apply(volume, action))
    snapshots = [one for one in made if hasattr(one, "wait_until_completed")]
    if event.get("wait") and snapshots:
        ids = [one.id for one in snapshots]
        ec2.meta.client.get_waiter("snapshot_completed").wait(SnapshotIds=ids, WaiterConfig={"MaxAttempts": 5})
    gone = _expired(event.get("days", 30))
    for one in gone:
        one.delete()
    return {"made": len(snapshots), "gone": len(gone)}


def restore(event, context):
    """Another function's handler in the same file."""
    return ec2.create_volume(SnapshotId=event["snapshot"], AvailabilityZone=event["zone"]).id
