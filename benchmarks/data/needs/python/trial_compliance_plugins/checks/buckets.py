"""Buckets without a block of public access."""
from botocore.exceptions import ClientError

_WANTED = {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"}


def run(clients):
    s3 = clients.s3
    for bucket in s3.list_buckets()["Buckets"]:
        try:
            block = s3.get_public_access_block(Bucket=bucket["Name"])["PublicAccessBlockConfiguration"]
        except ClientError:
            block = {}
        if not all(block.get(name) for name in _WANTED):
            yield bucket["Name"]
