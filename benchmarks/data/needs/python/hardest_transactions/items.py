import os

BALANCES = os.environ["BALANCES"]
JOURNAL = os.environ.get("JOURNAL", "journal")


def guard(account):
    return {"ConditionCheck": {"TableName": os.environ["LOCKS"], "Key": {"id": {"S": account}},
                               "ConditionExpression": "attribute_not_exists(id)"}}


def moved(account, amount):
    return {"Update": {"TableName": BALANCES, "Key": {"id": {"S": account}},
                       "UpdateExpression": "ADD amount :a",
                       "ExpressionAttributeValues": {":a": {"N": str(amount)}}}}


def noted(request, amount):
    return dict(Put=dict(TableName=JOURNAL, Item={"id": {"S": request}, "amount": {"N": str(amount)}}))


class Transaction:
    def __init__(self, client):
        self.client = client
        self.items = []

    def __enter__(self):
        return self

    def __iadd__(self, item):
        self.items.append(item)
        return self

    def __exit__(self, kind, *others):
        if kind is None:
            self.client.transact_write_items(TransactItems=self.items)
        return False
