"""One object for all, made when it is first asked for."""
import os

import boto3


class Secrets:
    _made = None

    def __new__(cls):
        if cls._made is None:
            cls._made = super().__new__(cls)
            cls._made.client = boto3.client("secretsmanager")
            cls._made.kept = {}
        return cls._made

    def __getitem__(self, name):
        if name not in self.kept:
            self.kept[name] = self.client.get_secret_value(SecretId=name)["SecretString"]
        return self.kept[name]


def handler(event, context):
    return Secrets()[os.environ["SECRET_ARN"]], Secrets()["static/name"]
