"""Works off a queue of jobs: each becomes an item in the table."""

import json
import os

import boto3
from stockade_runtime import check_environment, secret_from_env

check_environment(refuse=True)  # no secret may stand in the environment in plain text

API_KEY = secret_from_env("API_KEY_SECRET_ARN")  # fetched when it is first needed, then from memory
TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def handler(event, context):
    """Handle a batch; only the jobs that failed come back."""
    failed = []
    for record in event["Records"]:
        try:
            work(json.loads(record["body"]))
        except Exception as error:  # one bad job must not hold up the others; SQS hands it out again
            told = {"level": "ERROR", "message": "a job failed", "job": record["messageId"], "error": repr(error)}
            print(json.dumps(told))
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def work(job):
    """Your part. `API_KEY.value` is the key itself: use it, and don't log it."""
    if not API_KEY.value:
        raise ValueError("the API key is empty")
    TABLE.put_item(Item={"id": job["id"], "done": True})
