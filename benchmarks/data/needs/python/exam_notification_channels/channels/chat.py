"""A chat that is reached by a web hook."""
import json
import os
import urllib.request

from .base import Channel


class Chat(Channel):
    name = "chat"

    def _deliver(self, address, subject, text):
        client = Hook(os.environ["CHAT_HOOK"])
        client.publish(TopicArn=address, Message=f"*{subject}*\n{text}")


class Hook:
    """Has a method with a name that SNS has as well."""

    def __init__(self, url):
        self.url = url

    def publish(self, *, TopicArn, Message):
        body = json.dumps({"channel": TopicArn, "text": Message}).encode()
        urllib.request.urlopen(urllib.request.Request(self.url, data=body))
