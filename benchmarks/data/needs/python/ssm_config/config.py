import os

import boto3

from tables import Tables


class Config:
    _ssm = boto3.client("ssm")

    def __init__(self, values):
        self.values = values
        self.tables = Tables(os.environ["TABLE_PREFIX"], ["users", "orders"])

    @classmethod
    def load(cls):
        prefix = f"/{os.environ['STAGE']}/app"
        values = {}
        for page in cls._ssm.get_paginator("get_parameters_by_path").paginate(Path=prefix, WithDecryption=True):
            values.update({one["Name"]: one["Value"] for one in page["Parameters"]})
        return cls(values)

    def reload(self):
        self.values = Config.load().values
