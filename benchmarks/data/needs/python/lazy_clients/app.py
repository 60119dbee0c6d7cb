"""Clients that are made when they are first needed, behind one object."""
import os


class Aws:
    def __init__(self):
        self._made = {}

    def __getattr__(self, name):
        import boto3

        if name not in self._made:
            self._made[name] = boto3.client(name.replace("_", "-"))
        return self._made[name]


aws = Aws()


def handler(event, context):
    aws.sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=event["body"])
    aws.cognito_idp.admin_get_user(UserPoolId=os.environ["POOL"], Username=event["user"])
