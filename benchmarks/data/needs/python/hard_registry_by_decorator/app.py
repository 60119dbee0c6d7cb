"""Functions that a decorator registers, and the event chooses among."""
import os

import boto3

ACTIONS = {}
table = boto3.resource("dynamodb").Table(os.environ["ORDERS"])


def action(name):
    def register(function):
        ACTIONS[name] = function
        return function

    return register


@action("create")
def create(order):
    table.put_item(Item=order)


@action("cancel")
def cancel(order):
    table.delete_item(Key={"id": order["id"]})


def purge(order):
    boto3.client("dynamodb").delete_table(TableName=os.environ["ORDERS"])


def handler(event, context):
    return ACTIONS[event["action"]](event["order"])
