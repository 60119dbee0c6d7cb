"""Takes jobs off a queue and puts their results into a table, many at a time."""
import json
import os

import boto3

ddb = boto3.resource("dynamodb")
results = ddb.Table(os.environ.get("RESULTS_TABLE", "results"))
sqs = boto3.client("sqs")


def compute(job):
    return {"id": job["id"], "value": sum(job["numbers"])}


def handler(event, context):
    failures = []
    with results.batch_writer() as batch:
        for record in event["Records"]:
            try:
                batch.put_item(Item=compute(json.loads(record["body"])))
            except KeyError:
                failures.append({"itemIdentifier": record["messageId"]})
                sqs.send_message(QueueUrl=os.environ["REJECTED_QUEUE_URL"], MessageBody=record["body"])
    return {"batchItemFailures": failures}
