"""New prices for a catalog: all or none of an article's variants, then the search's copy."""
import os

import boto3
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import TypeSerializer

from copies import Copies

_dynamodb = boto3.resource("dynamodb")
_articles = _dynamodb.Table(os.environ["ARTICLES_TABLE"])
_plain = _articles.meta.client
_wire = TypeSerializer().serialize


def _variants(article):
    arguments = {"KeyConditionExpression": Key("article").eq(article), "FilterExpression": Attr("gone").not_exists()}
    while True:
        page = _articles.query(IndexName="by-article", **arguments)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _updates(article, price):
    for variant in _variants(article):
        yield {
            "Update": {
                "TableName": _articles.name,
                "Key": {"id": variant["id"]},
                "UpdateExpression": "SET price = :p",
                "ExpressionAttributeValues": {":p": price},
            }
        }
    yield {"Put": {"TableName": os.environ["PRICES_LOG"], "Item": {"article": article, "price": price}}}


def handler(event, context):
    if _articles.item_count > 1_000_000:
        return {"refused": "too many"}
    copies = Copies(_dynamodb, f"search-{os.environ['STAGE']}")
    for article, price in event["prices"].items():
        _plain.transact_write_items(TransactItems=list(_updates(article, price)))
    return {"copied": copies.refresh(list(event["prices"]))}
