"""Who wants to be told how."""
import os

import boto3


class Preferences:
    _table = None

    @property
    def table(self):
        if Preferences._table is None:
            Preferences._table = boto3.resource("dynamodb").Table(os.environ["PREFERENCES_TABLE"])
        return self._table

    def of(self, user):
        item = self.table.get_item(Key={"user": user}, ProjectionExpression="channels").get("Item") or {}
        return item.get("channels", {"log": ""}).items()

    def forget(self, user):
        self.table.delete_item(Key={"user": user})
