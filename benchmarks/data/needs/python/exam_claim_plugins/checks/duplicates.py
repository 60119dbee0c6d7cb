"""Has the same been claimed before?"""
import os

import boto3

from .base import Check


class New(Check):
    slug = "new"
    _client = None

    @property
    def client(self):
        cls = type(self)
        cls._client = cls._client or boto3.client("dynamodb")
        return cls._client

    def passes(self, claim):
        answer = self.client.query(
            TableName=os.environ["CLAIMS"],
            IndexName="by-digest",
            Select="COUNT",
            KeyConditionExpression="digest = :digest",
            ExpressionAttributeValues={":digest": {"S": claim["digest"]}},
        )
        return answer["Count"] == 0
