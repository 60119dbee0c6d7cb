"""Connects with a token in place of a password."""
import os

import boto3
import pymysql

rds = boto3.client("rds")


def connect():
    token = rds.generate_db_auth_token(DBHostname=os.environ["PROXY"], Port=3306, DBUsername=os.environ["DB_USER"])
    return pymysql.connect(host=os.environ["PROXY"], user=os.environ["DB_USER"], password=token, ssl={"ca": "ca.pem"})


def handler(event, context):
    connection = connect()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO visits VALUES (%s)", (event["ip"],))
    connection.commit()
