"""Moves money between accounts, all or nothing."""
import os

from boto3.dynamodb.conditions import Attr, Key

from ledger import Ledger, Transaction, resource

ACCOUNTS = os.environ["ACCOUNTS_TABLE"]


def _frozen(ids):
    answer = resource.batch_get_item(RequestItems={ACCOUNTS: {"Keys": [{"id": one} for one in ids]}})
    return [one["id"] for one in answer["Responses"].get(ACCOUNTS, []) if one.get("frozen")]


def handler(event, context):
    if frozen := _frozen([event["from"], event["to"]]):
        return {"state": "frozen", "accounts": frozen}
    ledger = Ledger()
    with Transaction(token=context.aws_request_id) as transaction:
        transaction.check(ACCOUNTS, event["to"], "attribute_exists(id)")
        transaction.add(ACCOUNTS, event["from"], -event["amount"])
        transaction.put(ledger.name, {"id": context.aws_request_id, "amount": event["amount"], "day": event["day"]})
    total = sum(one["amount"] for one in ledger.entries(Key("day").eq(event["day"]), Attr("amount").gt(0)))
    return {"state": "moved", "today": total}
