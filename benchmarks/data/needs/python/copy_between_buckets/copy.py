"""Copies what arrives into an archive, with its tags, and removes it."""
import os
from urllib.parse import unquote_plus

import boto3

s3 = boto3.resource("s3")
client = s3.meta.client
archive = s3.Bucket(os.environ["ARCHIVE"])


def handler(event, context):
    for record in event["Records"]:
        source = {"Bucket": record["s3"]["bucket"]["name"], "Key": unquote_plus(record["s3"]["object"]["key"])}
        tags = client.get_object_tagging(**source)["TagSet"]
        archive.copy(source, source["Key"])
        client.put_object_tagging(Bucket=archive.name, Key=source["Key"], Tagging={"TagSet": tags})
        s3.Object(source["Bucket"], source["Key"]).delete()
