"""Sets what a device should be."""
import json

import boto3

data = boto3.client("iot-data")
iot = boto3.client("iot")


def handler(event, context):
    thing = event["thing"]
    if not iot.describe_thing(thingName=thing)["attributes"].get("active"):
        return None
    before = json.loads(data.get_thing_shadow(thingName=thing)["payload"].read())
    data.update_thing_shadow(thingName=thing, payload=json.dumps({"state": {"desired": event["state"]}}))
    data.publish(topic=f"things/{thing}/changed", qos=1, payload=json.dumps(before))
