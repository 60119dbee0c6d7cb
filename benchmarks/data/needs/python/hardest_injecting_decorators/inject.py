import functools
import os

import boto3


def client(service, as_=None):
    made = boto3.client(service)

    def decorate(function):
        @functools.wraps(function)
        def wrapped(*arguments, **named):
            named.setdefault(as_ or service, made)
            return function(*arguments, **named)

        return wrapped

    return decorate


def table(variable, *, into):
    def decorate(function):
        there = boto3.resource("dynamodb").Table(os.environ[variable])
        return functools.partial(function, **{into: there})

    return decorate


class finally_publish:
    def __init__(self, topic_variable):
        self.topic = os.environ[topic_variable]
        self.sns = boto3.client("sns")

    def __call__(self, function):
        @functools.wraps(function)
        def wrapped(event, context):
            try:
                return function(event, context)
            finally:
                self.sns.publish(TopicArn=self.topic, Message=context.aws_request_id)

        return wrapped
