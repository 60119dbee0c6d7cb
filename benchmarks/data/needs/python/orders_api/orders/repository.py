from __future__ import annotations

import json
import os
import uuid

import boto3
from boto3.dynamodb.conditions import Key


class Orders:
    def __init__(self, table, events, bus):
        self._table = table
        self._events = events
        self._bus = bus

    @classmethod
    def from_environment(cls) -> Orders:
        table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
        return cls(table, boto3.client("events"), os.environ["EVENT_BUS"])

    def get(self, order_id):
        return self._table.get_item(Key={"pk": order_id}).get("Item")

    def of_customer(self, customer):
        found = self._table.query(IndexName="by-customer", KeyConditionExpression=Key("customer").eq(customer))
        return found["Items"]

    def create(self, body):
        item = {**body, "pk": str(uuid.uuid4())}
        self._table.put_item(Item=item, ConditionExpression="attribute_not_exists(pk)")
        self._events.put_events(
            Entries=[{"EventBusName": self._bus, "Source": "orders", "DetailType": "created", "Detail": json.dumps(item)}]
        )
        return item

    def purge(self):
        for item in self._table.scan()["Items"]:
            self._table.delete_item(Key={"pk": item["pk"]})
