"""Removes the report of a year ago."""

import os
from datetime import datetime, timedelta

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    old = datetime.fromisoformat(event["time"]) - timedelta(days=365)
    s3.delete_object(Bucket=os.environ["REPORT_BUCKET"], Key=f"reports/{old:%Y-%m-%d}.tsv")
