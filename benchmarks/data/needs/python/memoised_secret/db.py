"""Keeps its secret and its connection between invocations."""
import json
import os

import boto3
import pymysql

_connection = None


def credentials():
    client = boto3.client("secretsmanager")
    return json.loads(client.get_secret_value(SecretId=os.environ["DB_SECRET_ARN"])["SecretString"])


def connection():
    global _connection
    if _connection is None or not _connection.open:
        secret = credentials()
        _connection = pymysql.connect(host=os.environ["DB_HOST"], user=secret["username"], password=secret["password"])
    return _connection


def handler(event, context):
    with connection().cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone()
