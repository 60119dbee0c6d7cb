"""Puts changes of a table into a search domain, through signed requests."""
import os

import boto3
import requests
from requests_aws4auth import AWS4Auth

region = os.environ["AWS_REGION"]
credentials = boto3.Session().get_credentials()
auth = AWS4Auth(credentials.access_key, credentials.secret_key, region, "es", session_token=credentials.token)
HOST = os.environ["DOMAIN"]


def handler(event, context):
    for record in event["Records"]:
        key = record["dynamodb"]["Keys"]["id"]["S"]
        url = f"https://{HOST}/items/_doc/{key}"
        if record["eventName"] == "REMOVE":
            requests.delete(url, auth=auth, timeout=5)
        else:
            requests.put(url, auth=auth, json=record["dynamodb"]["NewImage"], timeout=5)
