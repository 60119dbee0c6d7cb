"""What others are told of orders."""
import json

import boto3


class Publisher:
    def __init__(self, client, bus):
        self._client = client
        self._bus = bus

    def publish(self, kind, detail):
        self._client.put_events(
            Entries=[
                {
                    "EventBusName": self._bus,
                    "Source": "orders",
                    "DetailType": kind,
                    "Detail": json.dumps(detail, default=str),
                }
            ]
        )

    def archive(self, order_id):
        boto3.client("sqs").send_message(QueueUrl="https://example.com/archive", MessageBody=order_id)
