"""Brings dead letters back to life, with queues and topics as objects."""
import json
import os

import boto3

from letters import Letters, Reviver

sqs = boto3.resource("sqs")
sns = boto3.resource("sns")


class Shelf(dict):
    """A mapping of what was seen; its ``delete`` and ``publish`` are no letters' ones."""

    def delete(self):
        self.clear()

    def publish(self):
        return json.dumps(self, sort_keys=True)


def handler(event, context):
    dead = sqs.get_queue_by_name(QueueName=os.environ["DEAD_QUEUE"])
    topic = sns.Topic(os.environ["REVIVED_TOPIC"])
    letters = Letters(dead, limit=event.get("limit", 100))
    reviver = Reviver(sqs.Queue(os.environ["LIVE_QUEUE_URL"]))
    shelf = Shelf()
    for letter in letters:
        if reviver.revive(letter):
            shelf[letter.message_id] = "revived"
            letter.delete()
        else:
            letter.change_visibility(VisibilityTimeout=3600)
    text = shelf.publish()
    topic.publish(Message=text, Subject=topic.attributes.get("DisplayName", "letters"))
    shelf.delete()
    return {"left": letters.left()}
