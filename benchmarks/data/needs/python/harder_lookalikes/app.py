"""Whatever else is called as AWS's operations are."""
import json
import os
import queue

import boto3
import pandas
import redis
from memory import Table

bus = boto3.client("events")
cache = redis.Redis(host="cache")
table = Table("orders")
waiting = queue.Queue()


def handler(event, context):
    with open("/var/task/rules.json") as file:
        rules = json.load(file)
    frame = pandas.DataFrame(event["rows"]).query("total > 10")
    cache.publish("orders", frame.to_json())
    table.put_item(Item=event)
    table.meta.client.delete_item(Key=event["id"])
    waiting.put(rules)
    event.get("detail", {}).update({"scan": cache.scan()})
    return bus.put_events(Entries=[{"EventBusName": os.environ["BUS"], "Source": "orders", "DetailType": "seen", "Detail": "{}"}])
