"""Not among the listeners that are imported."""
import os

import boto3

from bus import bus

queue = boto3.client("sqs")


@bus.on("shipment.delivered")
def charge(shipment):
    queue.send_message(QueueUrl=os.environ["BILLING_URL"], MessageBody=shipment["id"])
