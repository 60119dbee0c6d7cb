"""The two tables."""
import os

import boto3

_resource = boto3.resource("dynamodb")
old, new = (_resource.Table(os.environ[name]) for name in ("OLD_CATALOG", "NEW_CATALOG"))


def pages(after):
    arguments = {"Limit": 200}
    while True:
        if after:
            arguments["ExclusiveStartKey"] = after
        answer = old.scan(**arguments)
        after = answer.get("LastEvaluatedKey")
        yield answer["Items"], after
        if not after:
            return


def converted(item):
    out = dict(item)
    out.update({"pk": f"product#{item['id']}", "version": 2})
    out.pop("legacy", None)
    return out


def copy(state):
    copied, after = state.copied, state.after
    for items, after in pages(state.after):
        with new.batch_writer(overwrite_by_pkeys=["pk"]) as batch:
            for item in items:
                batch.put_item(Item=converted(item))
                copied += 1
        if not state.enough():
            break
    return state._replace(after=after, copied=copied)


def rollback(keys):
    with new.batch_writer() as batch:
        for key in keys:
            batch.delete_item(Key=key)
    old.update_item(Key={"id": "migration"}, UpdateExpression="REMOVE done")
