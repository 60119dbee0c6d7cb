"""Plans posts with schedules of their own."""
import json
import os

import boto3

scheduler = boto3.client("scheduler")


def arguments(post):
    return {
        "Name": f"post-{post['id']}",
        "GroupName": os.environ["GROUP"],
        "ScheduleExpression": f"at({post['at']})",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": os.environ["POSTER_ARN"], "RoleArn": os.environ["SCHEDULER_ROLE"], "Input": json.dumps(post)},
    }


def handler(event, context):
    for post in event["posts"]:
        try:
            scheduler.create_schedule(**arguments(post), ActionAfterCompletion="DELETE")
        except scheduler.exceptions.ConflictException:
            scheduler.update_schedule(**arguments(post))
    for name in event.get("cancelled", []):
        scheduler.delete_schedule(Name=name, GroupName=os.environ["GROUP"])
