"""A table of services, methods and parameters, all of them by name."""
import json
import os
from typing import NamedTuple

import boto3


class Call(NamedTuple):
    service: str
    method: str
    target: str
    variable: str
    payload: str


CALLS = {
    "flow": Call("stepfunctions", "start_execution", "stateMachineArn", "MACHINE", "input"),
    "work": Call("lambda", "invoke", "FunctionName", "WORKER", "Payload"),
    "note": Call("sns", "publish", "TopicArn", "TOPIC", "Message"),
}


def run(call, detail):
    method = getattr(boto3.client(call.service), call.method)
    return method(**{call.target: os.environ[call.variable], call.payload: json.dumps(detail)})


def handler(event, context):
    return [run(CALLS[one["kind"]], one["detail"]) for one in event["todo"]]
