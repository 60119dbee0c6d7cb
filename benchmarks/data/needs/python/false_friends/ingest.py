"""Publishes readings over MQTT and keeps them in a database: nothing of AWS's but one table."""
import json
import os

import boto3
import paho.mqtt.client as mqtt
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine(os.environ["DATABASE_URL"])
archive = boto3.resource("dynamodb").Table("archive")
broker = mqtt.Client()


class Readings:
    def __init__(self, session):
        self.session = session

    def query(self, device):
        return self.session.query(device).all()

    def delete_item(self, item):
        self.session.delete(item)

    def publish(self, topic, payload):
        broker.publish(topic, payload)


def handler(event, context):
    with open("devices.json") as file:
        devices = json.load(file)
    with Session(engine) as session:
        readings = Readings(session)
        for device in devices:
            for item in readings.query(device):
                readings.publish(f"devices/{device}", json.dumps(item))
                readings.delete_item(item)
    archive.put_item(Item={"id": context.aws_request_id})
