"""The shop's HTTP API, and what happens when a customer has uploaded a document."""

import json
import os

import boto3
import psycopg2

from orders.secrets import secret

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")


def handler(event, context):
    if "Records" in event:
        return [read_document(record["s3"]) for record in event["Records"]]
    if event["routeKey"] == "POST /orders":
        return place(json.loads(event["body"]))
    order = table.get_item(Key={"id": event["pathParameters"]["id"]}).get("Item")
    return {"statusCode": 200 if order else 404, "body": json.dumps(order, default=str)}


def place(order):
    with psycopg2.connect(secret(os.environ["DATABASE_SECRET_ARN"])) as database, database.cursor() as cursor:
        cursor.execute("insert into orders (id, total) values (%s, %s)", (order["id"], order["total"]))
    table.put_item(Item=order)
    return {"statusCode": 201, "body": json.dumps({"id": order["id"]})}


def read_document(found):
    bucket = os.environ["DOCUMENTS"]
    return s3.get_object(Bucket=bucket, Key=f"uploads/{found['object']['key']}")["ContentLength"]
