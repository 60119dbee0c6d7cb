"""Resource objects, their collections and what loads itself."""
import os

import boto3

s3 = boto3.resource("s3")
ec2 = boto3.resource("ec2")


def handler(event, context):
    bucket = s3.Bucket(os.environ["BUCKET"])
    for one in bucket.objects.filter(Prefix="a/").limit(5):
        if one.size > 10:
            one.copy_from(CopySource={"Bucket": os.environ["OTHER"], "Key": one.key})
    for instance in ec2.instances.filter(Filters=[]):
        if instance.state["Name"] == "running":
            instance.create_tags(Tags=[{"Key": "seen", "Value": "yes"}])
