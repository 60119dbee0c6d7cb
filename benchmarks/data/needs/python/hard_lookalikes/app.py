"""Methods of other things that are called as operations are."""
import json
import os

import boto3
import paho.mqtt.client as mqtt


class Bus:
    def __init__(self):
        self.sent = []

    def publish(self, topic, message):
        self.sent.append((topic, message))

    def put_item(self, **given):
        self.sent.append(given)


bus = Bus()
logs = boto3.client("logs")


def handler(event, context):
    bus.publish("a", "b")
    bus.put_item(TableName="t")
    mqtt.Client().publish("a", json.dumps(event))
    {}.update(event)
    logs.put_log_events(logGroupName=os.environ["GROUP"], logStreamName="s", logEvents=[])
