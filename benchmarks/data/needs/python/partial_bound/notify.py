"""Functions with a part of their arguments, and methods taken off their client."""
import os
from functools import partial

import boto3

publish = partial(boto3.client("sns").publish, TopicArn=os.environ["TOPIC_ARN"])
put = boto3.resource("dynamodb").Table(os.environ["SENT"]).put_item
OPERATION = "start_execution"


def handler(event, context):
    publish(Message=event["text"], Subject="hello")
    put(Item={"id": context.aws_request_id})
    states = boto3.client("stepfunctions")
    getattr(states, OPERATION)(stateMachineArn=os.environ["MACHINE"], input="{}")
