"""Tidies buckets with resource objects: much of what they call, they call by themselves."""
import os
from datetime import datetime, timedelta, timezone

import boto3

from buckets import archive, tidy

s3 = boto3.resource("s3")


def handler(event, context):
    uploads = s3.Bucket(os.environ["UPLOADS"])
    if uploads.creation_date is None:
        return {"state": "gone"}
    before = datetime.now(timezone.utc) - timedelta(days=int(event.get("days", 30)))
    removed = tidy(uploads, before)
    if uploads.Versioning().status == "Enabled":
        removed += len(uploads.object_versions.filter(Prefix="tmp/").delete())
    report = s3.Object(os.environ["REPORTS"], f"tidy/{before:%Y-%m-%d}.txt")
    report.put(Body=str(removed).encode())
    archive(report.key)
    return {"removed": removed}
