"""Every night's report, written to a bucket and mailed."""

import os
import smtplib

import boto3
import psycopg2

from orders.secrets import secret

s3 = boto3.client("s3")
BUCKET = os.environ["REPORT_BUCKET"]


def handler(event, context):
    template = s3.get_object(Bucket=BUCKET, Key="reports/template.txt")["Body"].read().decode()
    body = template + "\n".join(f"{day}\t{total}" for day, total in totals())
    s3.put_object(Bucket=BUCKET, Key=f"reports/{event['time']}.tsv", Body=body.encode())
    host, user, password = secret(os.environ["SMTP_SECRET_ARN"]).split(" ")
    with smtplib.SMTP(host) as smtp:
        smtp.login(user, password)
        smtp.sendmail("report@shop.example", ["owners@shop.example"], body)


def totals():
    with psycopg2.connect(secret(os.environ["DATABASE_SECRET_ARN"])) as database, database.cursor() as cursor:
        cursor.execute("select day, sum(total) from orders group by day")
        return cursor.fetchall()
