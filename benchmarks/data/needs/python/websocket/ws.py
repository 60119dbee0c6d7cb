"""Tells all who are connected."""
import json
import os

import boto3
from botocore.exceptions import ClientError

connections = boto3.resource("dynamodb").Table(os.environ["CONNECTIONS"])


def handler(event, context):
    route = event["requestContext"]["routeKey"]
    me = event["requestContext"]["connectionId"]
    if route == "$connect":
        connections.put_item(Item={"id": me})
    elif route == "$disconnect":
        connections.delete_item(Key={"id": me})
    else:
        broadcast(event)
    return {"statusCode": 200}


def broadcast(event):
    context = event["requestContext"]
    api = boto3.client("apigatewaymanagementapi", endpoint_url=f"https://{context['domainName']}/{context['stage']}")
    for item in connections.scan(ProjectionExpression="id")["Items"]:
        try:
            api.post_to_connection(ConnectionId=item["id"], Data=json.dumps(event["body"]).encode())
        except ClientError as error:
            if error.response["Error"]["Code"] == "GoneException":
                connections.delete_item(Key={"id": item["id"]})
