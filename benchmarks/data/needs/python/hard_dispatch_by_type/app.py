"""Commands as dataclasses, handled by single dispatch."""
import functools
import os
from dataclasses import dataclass, field

import boto3


@dataclass
class Clients:
    sqs: object = field(default_factory=lambda: boto3.client("sqs"))
    sfn: object = field(default_factory=lambda: boto3.client("stepfunctions"))


@dataclass
class Enqueue:
    body: str


@dataclass
class Start:
    input: str


clients = Clients()


@functools.singledispatch
def run(command):
    raise TypeError


@run.register
def _(command: Enqueue):
    clients.sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=command.body)


@run.register
def _(command: Start):
    clients.sfn.start_execution(stateMachineArn=os.environ["MACHINE"], input=command.input)


def handler(event, context):
    for command in (Enqueue("x"), Start("{}")):
        run(command)
