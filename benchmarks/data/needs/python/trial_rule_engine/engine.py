"""Does what rules ask for, by the kind of the step."""
import os
from collections import namedtuple
from functools import singledispatchmethod

import boto3

Lookup = namedtuple("Lookup", "account")
Hold = namedtuple("Hold", "payment reason")
Alert = namedtuple("Alert", "text")
Erase = namedtuple("Erase", "account")


class Engine:
    def __init__(self):
        self._accounts = boto3.resource("dynamodb").Table(os.environ["ACCOUNTS_TABLE"])
        self._sqs = boto3.client("sqs")

    @singledispatchmethod
    def do(self, step):
        raise TypeError(f"no such step: {step!r}")

    @do.register
    def _(self, step: Lookup):
        return self._accounts.get_item(Key={"id": step.account}).get("Item") or {}

    @do.register
    def _(self, step: Hold):
        self._sqs.send_message(QueueUrl=os.environ["HELD_QUEUE_URL"], MessageBody=f"{step.payment}:{step.reason}")

    @do.register(Alert)
    def _alert(self, step):
        boto3.client("sns").publish(TopicArn=os.environ["FRAUD_TOPIC"], Message=step.text)

    def erase(self, step):
        self._accounts.delete_item(Key={"id": step.account})
