"""Resource objects: collections, their batch actions, sub-resources and what is loaded when it is asked for."""
import os

import boto3

s3 = boto3.resource("s3")
ec2 = boto3.resource("ec2")
sqs = boto3.resource("sqs")
iam = boto3.resource("iam")


def sweep(prefix):
    bucket = s3.Bucket(os.environ["SCRATCH"])
    bucket.object_versions.filter(Prefix=prefix).delete()
    for upload in bucket.multipart_uploads.all():
        upload.abort()
    s3.Object(bucket.name, f"{prefix}.swept").put(Body=b"")


def stop(owner):
    running = ec2.instances.filter(
        Filters=[{"Name": "tag:owner", "Values": [owner]}, {"Name": "instance-state-name", "Values": ["running"]}]
    )
    running.stop()
    for instance in running.limit(5):
        for volume in instance.volumes.all():
            volume.create_snapshot(Description=owner)


def drain():
    queue = sqs.get_queue_by_name(QueueName=os.environ["SWEEPS"])
    for message in queue.receive_messages(MaxNumberOfMessages=10):
        yield message.body
        message.delete()
    if int(queue.attributes["ApproximateNumberOfMessages"]) > 1000:
        queue.purge()


def handler(event, context):
    for owner in drain():
        sweep(owner)
        stop(owner)
        if iam.Role(owner).max_session_duration > 3600:
            print(owner, "may stay long")
