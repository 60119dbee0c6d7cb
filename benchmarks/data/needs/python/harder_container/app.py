"""A container that hands functions what their parameters are called."""
import os

import boto3
from container import Container

container = Container()
container.provide("queue", lambda: boto3.client("sqs"))
container.provide("parameters", lambda: boto3.client("ssm"))
container.provide("topics", lambda: boto3.client("sns"))


@container.inject
def limit(parameters, name):
    return int(parameters.get_parameter(Name=f"/jobs/{name}")["Parameter"]["Value"])


@container.inject
def enqueue(queue, jobs):
    entries = [{"Id": str(place), "MessageBody": job} for place, job in enumerate(jobs)]
    return queue.send_message_batch(QueueUrl=os.environ["QUEUE_URL"], Entries=entries)


@container.inject
def shout(topics, text):
    return topics.publish(TopicArn=os.environ["TOPIC"], Message=text)


def handler(event, context):
    return enqueue(jobs=event["jobs"][: limit(name="limit")])
