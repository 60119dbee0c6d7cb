"""Functions around functions around what is done."""
import functools
import os

import boto3
from layers import counted, known, reduced

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def visits(event, context):
    return table.update_item(
        Key={"id": event["user"]},
        UpdateExpression="ADD visits :one",
        ExpressionAttributeValues={":one": 1},
    )


handler = reduced([known("POOL"), counted(name="visits")], visits)
other = functools.partial(lambda event, context: table.scan())
