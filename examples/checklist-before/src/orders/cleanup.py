"""Removes reports that nobody needs any more."""

import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    bucket = os.environ["REPORT_BUCKET"]
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="reports/"):
        for found in page.get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=found["Key"])
