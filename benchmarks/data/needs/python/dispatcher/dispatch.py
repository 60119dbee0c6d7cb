"""Sends each kind of event to whom it concerns."""
import functools
import json
import os

import boto3

CLIENTS = {}


def client(name):
    if name not in CLIENTS:
        CLIENTS[name] = boto3.client(name)
    return CLIENTS[name]


def registered(kind, registry={}):
    def around(function):
        registry[kind] = function
        return function
    around.registry = registry
    return around


@registered("mail")
def mail(event):
    client("ses").send_email(Source=os.environ["SENDER"], Destination={"ToAddresses": [event["to"]]}, Message={})


@registered("sms")
def sms(event):
    client("sns").publish(PhoneNumber=event["to"], Message=event["text"])


@registered("work")
def work(event):
    client("lambda").invoke(FunctionName=os.environ["WORKER"], InvocationType="Event", Payload=json.dumps(event))


def handler(event, context):
    registry = registered(None).registry
    registry[event["kind"]](event)
