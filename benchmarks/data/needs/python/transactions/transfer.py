"""Moves money between two accounts, in one transaction."""
import os

import boto3

ddb = boto3.client("dynamodb")
ACCOUNTS = os.environ["ACCOUNTS_TABLE"]
LEDGER = os.environ["LEDGER_TABLE"]


def change(account, amount):
    return {
        "Update": {
            "TableName": ACCOUNTS,
            "Key": {"id": {"S": account}},
            "UpdateExpression": "ADD balance :a",
            "ExpressionAttributeValues": {":a": {"N": str(amount)}},
        }
    }


def handler(event, context):
    items = [change(event["from"], -event["amount"]), change(event["to"], event["amount"])]
    items.append({"Put": {"TableName": LEDGER, "Item": {"id": {"S": context.aws_request_id}}}})
    ddb.transact_write_items(TransactItems=items)
    return ddb.batch_get_item(RequestItems={ACCOUNTS: {"Keys": [{"id": {"S": event["from"]}}]}})["Responses"]
