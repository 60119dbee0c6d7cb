"""Tells people what they asked to be told, in the way they like."""
from channels import channel
from preferences import Preferences

preferences = Preferences()


def handler(event, context):
    sent = []
    for record in event["Records"]:
        for name, address in preferences.of(record["user"]):
            channel(name).publish(address, record["subject"], record["text"])
            sent.append(name)
    return {"sent": sent}
