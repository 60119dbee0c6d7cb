"""Every night's report, written to a bucket and mailed."""

import os
import smtplib

import boto3
import psycopg2

s3 = boto3.client("s3")


def handler(event, context):
    lines = [f"{day}\t{total}" for day, total in totals()]
    body = "\n".join(lines)
    s3.put_object(Bucket=os.environ["REPORT_BUCKET"], Key=f"reports/{event['time']}.tsv", Body=body.encode())
    with smtplib.SMTP(os.environ["SMTP_HOST"]) as smtp:
        smtp.login("report", os.environ["SMTP_PASSWORD"])
        smtp.sendmail("report@shop.example", ["owners@shop.example"], body)


def totals():
    host = os.environ["DATABASE_HOST"]
    with psycopg2.connect(host=host, dbname="orders") as database, database.cursor() as cursor:
        cursor.execute("select day, sum(total) from orders group by day")
        return cursor.fetchall()
