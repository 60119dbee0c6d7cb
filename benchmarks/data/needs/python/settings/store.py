import uuid

import boto3


class Store:
    def __init__(self, settings):
        session = boto3.session.Session(region_name=settings.region)
        self.settings = settings
        self.table = session.resource("dynamodb").Table(settings.table)
        self.s3 = session.client("s3")

    def save(self, name, body):
        key = f"{name}/{uuid.uuid4()}"
        self.s3.put_object(Bucket=self.settings.bucket, Key=key, Body=body)
        self.table.update_item(Key={"name": name}, UpdateExpression="SET latest = :k", ExpressionAttributeValues={":k": key})

    def latest(self, name):
        key = self.table.get_item(Key={"name": name})["Item"]["latest"]
        return self.s3.get_object(Bucket=self.settings.bucket, Key=key)["Body"].read()
