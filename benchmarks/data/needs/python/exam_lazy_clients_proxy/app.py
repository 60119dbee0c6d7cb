"""Publishes a release of documentation; clients are made when they are first touched."""
import os

import aws
from aws import names
from site_files import Site


def handler(event, context):
    site = Site(aws.s3, names.SITE)
    for path in event["pages"]:
        site[path] = site.draft(path)
    del site["maintenance.html"]
    aws.cloudfront.create_invalidation(
        DistributionId=os.environ["DISTRIBUTION_ID"],
        InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": context.aws_request_id},
    )
    if "index.html" in site:
        aws.lambda_.invoke(FunctionName=names.WARMER, InvocationType="Event", Payload=b"{}")
    return {"pages": len(event["pages"])}
