"""The ledger and what is written to it."""
import os

import boto3
from boto3.dynamodb.types import TypeSerializer

resource = boto3.resource("dynamodb")
_plain = TypeSerializer().serialize


class Ledger:
    def __init__(self):
        self._table = resource.Table(os.environ["LEDGER_TABLE"])
        self.name = self._table.name

    def entries(self, key, condition):
        arguments = dict(IndexName="by-day", KeyConditionExpression=key, FilterExpression=condition)
        while True:
            answer = self._table.query(**arguments)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                break
            arguments |= {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def correct(self, entry):
        self._table.put_item(Item=entry)


class Transaction:
    def __init__(self, token):
        self._token, self._items = token, []

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        if kind is None:
            client = boto3.client("dynamodb")
            client.transact_write_items(TransactItems=self._items, ClientRequestToken=self._token)

    def check(self, table, key, condition):
        self._items.append(
            {"ConditionCheck": {"TableName": table, "Key": {"id": _plain(key)}, "ConditionExpression": condition}}
        )

    def add(self, table, key, amount):
        update = {
            "TableName": table,
            "Key": {"id": _plain(key)},
            "UpdateExpression": "ADD balance :amount",
            "ExpressionAttributeValues": {":amount": _plain(amount)},
        }
        self._items.append({"Update": update})

    def put(self, table, item):
        self._items.append({"Put": {"TableName": table, "Item": {name: _plain(one) for name, one in item.items()}}})

    def delete(self, table, key):
        self._items.append({"Delete": {"TableName": table, "Key": {"id": _plain(key)}}})
