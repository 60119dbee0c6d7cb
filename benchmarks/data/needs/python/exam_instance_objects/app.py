"""Puts tagged machines to sleep, keeping a snapshot of each of their disks."""
import os

import boto3

ec2 = boto3.resource("ec2")
iam = boto3.resource("iam")
SLEEPING = {"Name": "tag:sleep", "Values": ["nightly"]}


class Disk:
    def __init__(self, volume):
        self._volume = volume

    def keep(self):
        if self._volume.state != "in-use":
            return None
        return self._volume.create_snapshot(Description=f"before sleeping, {self._volume.id}")

    def delete(self):
        self._volume.delete()


class Machine:
    def __init__(self, instance):
        self.instance = instance

    @property
    def disks(self):
        return map(Disk, self.instance.volumes.all())

    def sleep(self):
        kept = [snapshot for snapshot in (disk.keep() for disk in self.disks) if snapshot]
        for snapshot in kept:
            snapshot.create_tags(Tags=[{"Key": "machine", "Value": self.instance.id}])
        self.instance.stop()
        self.instance.wait_until_stopped()
        return len(kept)


def may_sleep(role):
    names = {policy.policy_name for policy in iam.Role(role).attached_policies.all()}
    return "NeverSleep" not in names


def handler(event, context):
    machines = ec2.instances.filter(Filters=[SLEEPING])
    kept = 0
    for instance in machines:
        if may_sleep(os.environ["MACHINE_ROLE"]):
            kept += Machine(instance).sleep()
    boto3.resource("cloudwatch").Metric("Sleep", "Snapshots").put_data(
        MetricData=[{"MetricName": "Snapshots", "Value": kept}]
    )
    return kept
