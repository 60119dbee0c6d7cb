"""Gives out URLs for uploads and downloads."""
import json
import os
import uuid

import boto3
from botocore.config import Config

client = boto3.client("s3", config=Config(signature_version="s3v4"))
BUCKET = os.environ["UPLOADS"]


def handler(event, context):
    if event["httpMethod"] == "POST":
        key = f"incoming/{uuid.uuid4()}"
        post = client.generate_presigned_post(BUCKET, key, ExpiresIn=300)
        return {"statusCode": 200, "body": json.dumps(post)}
    key = event["pathParameters"]["key"]
    url = client.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": key}, ExpiresIn=300)
    return {"statusCode": 302, "headers": {"Location": url}}
