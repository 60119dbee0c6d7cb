"""Lists the functions of all accounts and keeps the list."""
import json
import os
from datetime import date

import boto3

sts = boto3.client("sts")
organizations = boto3.client("organizations")


def session_for(account):
    answer = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/inventory", RoleSessionName="inventory")
    credentials = answer["Credentials"]
    return boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def functions_of(account):
    pages = session_for(account).client("lambda").get_paginator("list_functions").paginate()
    return [function["FunctionArn"] for page in pages for function in page["Functions"]]


def handler(event, context):
    found = {}
    for page in organizations.get_paginator("list_accounts").paginate():
        for account in page["Accounts"]:
            found[account["Id"]] = functions_of(account["Id"])
    boto3.client("s3").put_object(
        Bucket=os.environ["INVENTORY_BUCKET"], Key=f"{date.today()}.json", Body=json.dumps(found)
    )
