"""Names from pieces: formats, joins, constants of classes and enumerations."""
import os
from enum import Enum

import boto3


class Tables(str, Enum):
    USERS = "users"
    ORDERS = "orders"


class Settings:
    PREFIX = os.environ["PREFIX"]


def table(which):
    return boto3.resource("dynamodb").Table("-".join([Settings.PREFIX, which.value]))


def handler(event, context):
    table(Tables.USERS).get_item(Key={"id": event["id"]})
    boto3.client("ssm").get_parameters_by_path(Path="/{}/{}/".format("app", os.environ.get("STAGE", "dev")), Recursive=True)
    boto3.client("sqs").get_queue_url(QueueName="%s-jobs" % Settings.PREFIX)
