"""Tells a state machine what a person has decided."""
import json

import boto3

sfn = boto3.client("stepfunctions")


def handler(event, context):
    query = event["queryStringParameters"]
    finish = sfn.send_task_success if query["decision"] == "approve" else None
    if finish is not None:
        finish(taskToken=query["token"], output=json.dumps({"approved": True}))
    else:
        sfn.send_task_failure(taskToken=query["token"], error="Rejected")
    return {"statusCode": 200}
