"""Mails a report of what things cost."""
import os
from datetime import date, timedelta
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import boto3

costs = boto3.client("ce", region_name="us-east-1")


def week():
    today = date.today()
    return {"Start": str(today - timedelta(days=7)), "End": str(today)}


def handler(event, context):
    answer = costs.get_cost_and_usage(
        TimePeriod=week(), Granularity="DAILY", Metrics=["UnblendedCost"],
        GroupBy=[{"Type": "DIMENSION", "Key": "SERVICE"}],
    )
    message = MIMEMultipart()
    message["Subject"] = "Costs"
    message.attach(MIMEText(str(answer["ResultsByTime"])))
    boto3.client("ses").send_raw_email(
        Source=os.environ["FROM"], Destinations=[os.environ["TO"]], RawMessage={"Data": message.as_string()}
    )
