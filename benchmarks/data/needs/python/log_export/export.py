"""Exports yesterday's logs of every group that is tagged for it."""
import os
import time
from datetime import datetime, timedelta

import boto3

logs = boto3.client("logs")


def groups():
    for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/aws/lambda/"):
        for group in page["logGroups"]:
            if logs.list_tags_for_resource(resourceArn=group["arn"].removesuffix(":*"))["tags"].get("export"):
                yield group["logGroupName"]


def wait(task):
    while True:
        status = logs.describe_export_tasks(taskId=task)["exportTasks"][0]["status"]["code"]
        if status in ("COMPLETED", "FAILED"):
            return
        time.sleep(2)


def handler(event, context):
    end = datetime.now()
    for name in groups():
        task = logs.create_export_task(
            logGroupName=name,
            fromTime=int((end - timedelta(days=1)).timestamp() * 1000),
            to=int(end.timestamp() * 1000),
            destination=os.environ["EXPORT_BUCKET"],
            destinationPrefix=name.strip("/"),
        )
        wait(task["taskId"])
