"""Syntax of Python 3.12."""
import os

import boto3

type Row = dict[str, str]
names = {"table": os.environ["TABLE"]}


def first[T](rows: list[T]) -> T:
    return rows[0]


class Store[T]:
    table = boto3.resource("dynamodb").Table(f"{names["table"]}")

    def all(self) -> list[T]:
        return self.table.scan(Limit=10)["Items"]


def handler(event, context):
    return first(Store[Row]().all())
