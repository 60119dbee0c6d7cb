"""A transaction is put together by functions that each know one item of it."""
import os

import boto3
from boto3.dynamodb.types import TypeSerializer

from items import Transaction, guard, moved, noted

client = boto3.client("dynamodb")
plain = TypeSerializer().serialize


def balances(*accounts):
    wanted = [{"Get": {"TableName": os.environ["BALANCES"], "Key": {"id": plain(one)}}} for one in accounts]
    return client.transact_get_items(TransactItems=wanted)["Responses"]


def handler(event, context):
    source, target, amount = event["from"], event["to"], event["amount"]
    if not all(one.get("Item") for one in balances(source, target)):
        return {"refused": "no such account"}
    with Transaction(client) as transaction:
        transaction += guard(source)
        transaction += moved(source, -amount)
        transaction += moved(target, amount)
        transaction += noted(context.aws_request_id, amount)
    return {"moved": amount}
