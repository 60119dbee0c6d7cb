"""The shop's HTTP API, and what happens when a customer has uploaded a document."""

import json
import os

import boto3
import psycopg2

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")


def payment_key():
    secrets = boto3.client("secretsmanager")
    return secrets.get_secret_value(SecretId=f"shop-{os.environ['STAGE']}/payments")["SecretString"]


def handler(event, context):
    if "Records" in event:
        return [read_document(record["s3"]) for record in event["Records"]]
    if event["routeKey"] == "POST /orders":
        return place(json.loads(event["body"]))
    order = table.get_item(Key={"id": event["pathParameters"]["id"]}).get("Item")
    return {"statusCode": 200 if order else 404, "body": json.dumps(order, default=str)}


def place(order):
    with psycopg2.connect(os.environ["DATABASE_URL"]) as database, database.cursor() as cursor:
        cursor.execute("insert into orders (id, total) values (%s, %s)", (order["id"], order["total"]))
    table.put_item(Item={**order, "signature": hash((order["id"], payment_key()))})
    boto3.client("sns").publish(TopicArn="arn:aws:sns:eu-west-1:111122223333:shop-prod-warehouse", Message="x")
    return {"statusCode": 201, "body": json.dumps({"id": order["id"]})}


def read_document(found):
    return s3.get_object(Bucket=found["bucket"]["name"], Key=found["object"]["key"])["ContentLength"]
