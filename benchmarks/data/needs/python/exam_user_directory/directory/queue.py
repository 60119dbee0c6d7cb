"""What the directory sends."""
from __future__ import annotations

import json
from typing import Iterator

import boto3

from .environment import required


class Message:
    def __init__(self, inbox: Inbox, raw: dict):
        self._inbox, self._raw = inbox, raw
        self.body = json.loads(raw["Body"])
        self.mail: str = self.body["mail"]
        self.name: str = self.body["name"]
        self.left: bool = self.body.get("left", False)

    def __enter__(self) -> Message:
        return self

    def __exit__(self, kind, error, trace) -> None:
        if kind is None:
            self._inbox.delete_message(self._raw["ReceiptHandle"])


class Inbox:
    def __init__(self, client, url: str):
        self._client, self._url = client, url

    @staticmethod
    def default() -> Inbox:
        return Inbox(boto3.client("sqs"), required("QUEUE_URL"))

    def __iter__(self) -> Iterator[Message]:
        while raw := self._client.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            yield from (Message(self, one) for one in raw)

    def delete_message(self, handle: str) -> None:
        self._client.delete_message(QueueUrl=self._url, ReceiptHandle=handle)
