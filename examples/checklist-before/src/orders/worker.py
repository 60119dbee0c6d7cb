"""Fulfils the orders that wait in the queue."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    for record in event["Records"]:
        order = json.loads(record["body"])
        table.update_item(
            Key={"id": order["id"]},
            UpdateExpression="SET fulfilled = :yes",
            ExpressionAttributeValues={":yes": True},
        )
