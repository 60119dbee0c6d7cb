"""Repositories over tables."""
from functools import cached_property


class Repository:
    key = "id"

    def __init__(self, dynamodb, name):
        self._dynamodb, self._name = dynamodb, name

    @cached_property
    def table(self):
        return self._dynamodb.Table(self._name)

    def find(self, value):
        return self.table.get_item(Key={self.key: value}).get("Item")

    def purge(self):
        """For tests on a stand-in only; no one calls it here."""
        with self.table.batch_writer() as batch:
            for item in self.table.scan()["Items"]:
                batch.delete_item(Key={self.key: item[self.key]})


class Parcels(Repository):
    key = "barcode"

    def moved(self, barcode, depot):
        answer = self.table.update_item(
            Key={self.key: barcode},
            UpdateExpression="SET depot = :d ADD hops :one",
            ExpressionAttributeValues={":d": depot, ":one": 1},
            ReturnValues="ALL_NEW",
        )
        return answer.get("Attributes", {})


class Customers(Repository):
    pass
