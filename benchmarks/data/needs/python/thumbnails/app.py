"""Makes thumbnails of uploaded images."""
import os
import uuid
from urllib.parse import unquote_plus

import boto3
from PIL import Image

s3 = boto3.client("s3")
OUT = os.environ["THUMBNAIL_BUCKET"]


def shrink(source, target):
    with Image.open(source) as image:
        image.thumbnail((128, 128))
        image.save(target)


def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        local = f"/tmp/{uuid.uuid4()}"
        s3.download_file(bucket, key, local)
        shrink(local, local + "-small")
        s3.upload_file(local + "-small", OUT, f"thumbnails/{key}")
    return {"done": len(event["Records"])}
