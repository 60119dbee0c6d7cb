import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["LOCKS"])


class Lock:
    def __init__(self, name):
        self.key = {"name": name}

    def __enter__(self):
        table.put_item(Item=self.key, ConditionExpression="attribute_not_exists(#n)", ExpressionAttributeNames={"#n": "name"})
        return self

    def __exit__(self, *failure):
        table.delete_item(Key=self.key)

    def held(self):
        return "Item" in table.get_item(Key=self.key)
