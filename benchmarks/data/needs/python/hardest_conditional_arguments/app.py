"""What else is asked for depends on the event: a version, an index, tags, an ACL, a key."""
import os

import boto3

from options import Options

s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table(os.environ["FILES"])


def rows(owner, by_date):
    arguments = {"KeyConditionExpression": "#o = :o", "ExpressionAttributeNames": {"#o": "owner"},
                 "ExpressionAttributeValues": {":o": owner}}
    if by_date:
        arguments |= {"IndexName": "by-date"}
    while True:
        page = table.query(**arguments)
        yield from page["Items"]
        if not (last := page.get("LastEvaluatedKey")):
            return
        arguments["ExclusiveStartKey"] = last


def handler(event, context):
    options = Options(**event.get("options", {}))
    for row in rows(event["owner"], options.by_date):
        source = {"Bucket": os.environ["FROM"], "Key": row["key"]}
        if row.get("version"):
            source["VersionId"] = row["version"]
        s3.copy_object(Bucket=os.environ["TO"], Key=row["key"], CopySource=source, **options.extra())
        if options.hold:
            s3.put_object_legal_hold(Bucket=os.environ["TO"], Key=row["key"], LegalHold={"Status": "ON"})
    links = [
        s3.generate_presigned_url(ClientMethod=method, Params={"Bucket": os.environ["TO"], "Key": "index"})
        for method in ("get_object", "delete_object")
    ]
    return {"links": links, "form": s3.generate_presigned_post(os.environ["DROP"], "new/${filename}")}
