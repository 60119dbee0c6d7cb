"""Clients that are attributes by a descriptor, which names itself."""
import os

from clients import Client


class Inbox:
    s3 = Client()
    sns = Client()

    def __init__(self, bucket):
        self.bucket = bucket

    def read(self, key):
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def mark(self, key, **tags):
        pairs = [{"Key": name, "Value": value} for name, value in tags.items()]
        self.s3.put_object_tagging(Bucket=self.bucket, Key=key, Tagging={"TagSet": pairs})

    def tell(self, text):
        self.sns.publish(TopicArn=os.environ["TOPIC"], Message=text)


def handler(event, context):
    inbox = Inbox(os.environ["INBOX"])
    for record in event["Records"]:
        key = record["s3"]["object"]["key"]
        inbox.read(key)
        inbox.mark(key, state="read")
