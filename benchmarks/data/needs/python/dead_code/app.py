"""What is left of a bigger thing: much of it is not used any more."""
import os

import boto3

s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def old_import(key):
    body = s3.get_object(Bucket="legacy", Key=key)["Body"].read()
    table.put_item(Item={"id": key, "body": body})


def migrate():
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket="legacy"):
        for item in page["Contents"]:
            old_import(item["Key"])
            s3.delete_object(Bucket="legacy", Key=item["Key"])


def handler(event, context):
    return table.get_item(Key={"id": event["id"]}).get("Item")


if __name__ == "__main__":
    migrate()
