"""Rows of usage and of invoices."""
import json

from .constants import INVOICES, USAGE


class Repository:
    name = None

    def __init__(self, client):
        self.client = client

    def rows(self, **keys):
        condition = " AND ".join(f"{key} = :{key}" for key in keys)
        values = {f":{key}": {"S": value} for key, value in keys.items()}
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name, KeyConditionExpression=condition, ExpressionAttributeValues=values
        )
        for page in pages:
            yield from page["Items"]

    def save(self, row):
        self.client.put_item(TableName=self.name, Item=row)

    def drop(self, key):
        self.client.delete_item(TableName=self.name, Key=key)


class Usage(Repository):
    name = USAGE

    def total(self, account, month):
        return sum(int(row["units"]["N"]) for row in self.rows(account=account, month=month))


class Invoices(Repository):
    name = INVOICES

    def __init__(self, client, files, *, bucket):
        super().__init__(client)
        self.files, self.bucket = files, bucket

    def save(self, row):
        super().save(row)
        self.files.put_object(Bucket=self.bucket, Key=f"invoices/{row['id']['S']}.json", Body=json.dumps(row))
