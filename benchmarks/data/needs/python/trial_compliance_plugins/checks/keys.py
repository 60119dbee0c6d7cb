"""Access keys that are old."""
from datetime import datetime, timedelta, timezone


def run(clients, days=90):
    iam = clients.iam
    before = datetime.now(timezone.utc) - timedelta(days=days)
    users = iam.get_paginator("list_users").paginate().search("Users[].UserName")
    for user in users:
        for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
            if key["CreateDate"] < before:
                yield f"{user}: {key['AccessKeyId']}"
