import functools
import os

import boto3

users = boto3.client("cognito-idp")


def reduced(layers, function):
    return functools.reduce(lambda inner, layer: layer(inner), reversed(layers), function)


def known(variable):
    def layer(inner):
        def step(event, context):
            users.admin_get_user(UserPoolId=os.environ[variable], Username=event["user"])
            return inner(event, context)

        return step

    return layer


class counted:
    def __init__(self, *, name):
        self.name = name
        self.metrics = boto3.client("cloudwatch")

    def __call__(self, inner):
        def step(event, context):
            try:
                return inner(event, context)
            finally:
                self.metrics.put_metric_data(Namespace="app", MetricData=[{"MetricName": self.name, "Value": 1}])

        return step
