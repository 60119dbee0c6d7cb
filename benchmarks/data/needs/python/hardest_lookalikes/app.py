"""Much here looks like AWS and is not, or is not done with the function's own role."""
import json
import os

import boto3

from bus import Bus
from db import Database
from other import in_other_account
from post import Mailer

bus = Bus()
db = Database("file:orders?mode=memory")
mailer = Mailer(host=os.environ["SMTP_HOST"])
sns = boto3.client("sns")
events = boto3.client("events")


@bus.on("order")
def stored(order):
    db.put_item("orders", order)
    db.query("select 1", limit=1)


@bus.on("order")
def told(order):
    mailer.send_email(Source="shop@example.com", Destination=order["email"], Message="thanks")
    mailer.publish(TopicArn="none", Message="none")


def replay(day):
    """Left over: nobody calls it."""
    events.start_replay(ReplayName=day, EventSourceArn="a", EventStartTime=0, EventEndTime=0, Destination={})


def handler(event, context):
    with open("defaults.json") as lines:
        defaults = json.load(lines)
    order = {**defaults, **event}
    bus.publish("order", order)
    with in_other_account(os.environ["PARTNER_ROLE"]) as partner:
        partner.client("s3").put_object(Bucket="partner-orders", Key=order["id"], Body=json.dumps(order))
        partner.resource("sqs").Queue(os.environ["PARTNER_QUEUE"]).send_message(MessageBody=order["id"])
    if False:
        sns.create_topic(Name="never")
    sns.publish(TopicArn=os.environ["OWN_TOPIC"], Message=order["id"])
