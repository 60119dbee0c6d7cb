"""Patterns and walruses decide what is called."""
import os

import boto3

ddb = boto3.client("dynamodb")


def handler(event, context):
    match event:
        case {"kind": "get", "id": key}:
            if (found := ddb.get_item(TableName=os.environ["TABLE"], Key={"id": {"S": key}}).get("Item")) is None:
                return None
            return found
        case {"kind": "many", "ids": [*several]}:
            return ddb.batch_get_item(RequestItems={os.environ["TABLE"]: {"Keys": [{"id": {"S": one}} for one in several]}})
        case {"client": other}:
            return other.delete_table(TableName="x")
