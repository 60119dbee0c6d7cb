"""Looks at new pictures before anybody else does."""
from urllib.parse import unquote_plus

from media.moderation import Moderator
from media.storage import storage_for


def handler(event, context):
    storage = storage_for("s3")
    moderator = Moderator(storage)
    verdicts = []
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        verdicts.append(moderator.judge(bucket, key))
    return verdicts
