"""Answers requests for orders, and works off a queue of jobs."""

import json

from stockade_runtime import check_environment, secret_from_env

check_environment(refuse=True)  # no secret may stand in the environment in plain text

API_KEY = secret_from_env("API_KEY_SECRET_ARN")  # fetched when it is first needed, then from memory


def handler(event, context):
    """A batch of jobs, of which only the failed ones come back; or a request of the API."""
    if "Records" in event:
        return {
            "batchItemFailures": [
                {"itemIdentifier": one["messageId"]} for one in event["Records"] if not done(one)
            ]
        }
    return {"statusCode": 200, "body": json.dumps({"id": event["pathParameters"]["id"]})}


def done(record):
    """Your part. `API_KEY.value` is the key itself: use it, and don't log it."""
    try:
        job = json.loads(record["body"])
        return bool(API_KEY.value) and "id" in job
    except Exception as error:  # one bad job must not hold up the others; SQS hands it out again
        print(
            json.dumps(
                {"level": "ERROR", "message": "a job failed", "job": record["messageId"], "error": repr(error)}
            )
        )
        return False
