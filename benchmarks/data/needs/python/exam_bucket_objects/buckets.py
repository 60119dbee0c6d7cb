"""What is done with a bucket."""
import os

import boto3


def tidy(bucket, before):
    count = 0
    for summary in bucket.objects.filter(Prefix="incoming/"):
        if summary.last_modified >= before:
            continue
        thing = summary.Object()
        if thing.metadata.get("keep") == "yes" or thing.content_length == 0:
            continue
        summary.delete()
        count += 1
    return count


def archive(key):
    target = boto3.resource("s3").Bucket(os.environ["ARCHIVE"])
    target.copy({"Bucket": os.environ["REPORTS"], "Key": key}, key)


def drop(bucket):
    bucket.Policy().delete()
    bucket.delete()
