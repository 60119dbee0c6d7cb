"""Copies a tenant's usage out of the tenant's own account into our stream."""
import json
import os

from accounts import Account, own

COLUMNS = ("id", "used", "day")


def _rows(account):
    pages = account.reader.get_paginator("scan").paginate(TableName="usage")
    for page in pages:
        for item in page["Items"]:
            yield {name: next(iter(item[name].values())) for name in COLUMNS if name in item}


def handler(event, context):
    tenant = event["tenant"]
    ours = own()
    registered = ours.reader.get_item(TableName=os.environ["TENANTS_TABLE"], Key={"id": {"S": tenant}}).get("Item")
    if not registered:
        return {"tenant": tenant, "rows": 0}
    theirs = Account.assumed(registered["role"]["S"], external=tenant)
    rows = [{"Data": json.dumps(row).encode() + b"\n"} for row in _rows(theirs)]
    for start in range(0, len(rows), 500):
        ours.writer.put_record_batch(DeliveryStreamName=os.environ["USAGE_STREAM"], Records=rows[start : start + 500])
    theirs.note("exported")
    ours.note(tenant)
    return {"tenant": tenant, "rows": len(rows)}
