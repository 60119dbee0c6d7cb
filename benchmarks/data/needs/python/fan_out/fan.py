"""Reads a queue by its name and hands its messages on."""
import json
import os

import boto3

sqs = boto3.resource("sqs")
lam = boto3.client("lambda")


def messages(queue):
    while found := queue.receive_messages(MaxNumberOfMessages=10, WaitTimeSeconds=1):
        yield from found


def handler(event, context):
    source = sqs.get_queue_by_name(QueueName=os.environ["SOURCE_QUEUE"])
    target = sqs.Queue(os.environ["TARGET_QUEUE_URL"])
    for message in messages(source):
        body = json.loads(message.body)
        if body.get("urgent"):
            lam.invoke(FunctionName="urgent", Payload=message.body)
        else:
            target.send_message(MessageBody=message.body)
        message.delete()
