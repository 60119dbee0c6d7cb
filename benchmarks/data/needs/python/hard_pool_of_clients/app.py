"""Clients of several regions in one comprehension, and work that a pool takes."""
import os
from concurrent.futures import ThreadPoolExecutor, as_completed

import boto3

CLIENTS = {region: boto3.client("ssm", region_name=region) for region in ("eu-west-1", "us-east-1")}


def fetch(region, name):
    return region, CLIENTS[region].get_parameter(Name=name)["Parameter"]["Value"]


def handler(event, context):
    with ThreadPoolExecutor(max_workers=4) as pool:
        waiting = [pool.submit(fetch, region, os.environ["PARAMETER"]) for region in CLIENTS]
        found = dict(one.result() for one in as_completed(waiting))
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Message=str(found))
