"""Names are members of enums, and what is done is another one."""
import os
from enum import Enum, auto, unique

import boto3


@unique
class Table(str, Enum):
    ORDERS = f"shop-{os.environ['STAGE']}-orders"
    RETURNS = f"shop-{os.environ['STAGE']}-returns"


class Parameter(Enum):
    LIMIT = ("limits", "daily")
    FEATURES = ("features",)

    @property
    def path(self):
        return "/".join(["", "shop", *self.value])


class Kind(Enum):
    ORDER = auto()
    RETURN = auto()
    CANCEL = auto()

    @classmethod
    def of(cls, text):
        return cls[text.upper()]


dynamodb = boto3.client("dynamodb")
ssm = boto3.client("ssm")


def limit():
    return int(ssm.get_parameter(Name=Parameter.LIMIT.path)["Parameter"]["Value"])


def handler(event, context):
    item = {"id": {"S": event["id"]}, "amount": {"N": str(event["amount"])}}
    match Kind.of(event["kind"]):
        case Kind.ORDER if event["amount"] <= limit():
            dynamodb.put_item(TableName=Table.ORDERS.value, Item=item)
        case Kind.RETURN:
            dynamodb.put_item(TableName=Table.RETURNS.value, Item=item, ConditionExpression="attribute_not_exists(id)")
        case Kind.CANCEL:
            dynamodb.delete_item(TableName=Table("shop-" + os.environ["STAGE"] + "-orders").value, Key={"id": item["id"]})
        case _:
            raise ValueError(event["kind"])
