"""Orders in DynamoDB, and the last ones in memory."""
from boto3.dynamodb.conditions import Key


class DynamoOrders:
    def __init__(self, table):
        self._table = table

    def add(self, order):
        self._table.put_item(Item=order, ConditionExpression="attribute_not_exists(id)")

    def get_item(self, order_id):
        return self._table.get_item(Key={"id": order_id}).get("Item")

    def by_customer(self, customer):
        found = self._table.query(
            IndexName="by-customer", KeyConditionExpression=Key("customer").eq(customer), Limit=50
        )
        yield from found["Items"]

    def remove(self, order_id):
        self._table.delete_item(Key={"id": order_id})


class CachedOrders:
    """The same interface in front of another one."""

    def __init__(self, inner):
        self._inner = inner
        self._seen = {}

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def get_item(self, order_id):
        if order_id not in self._seen:
            self._seen[order_id] = self._inner.get_item(order_id)
        return self._seen[order_id]
