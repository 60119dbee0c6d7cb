"""The states of a return."""
import os

import boto3

from texts import Texts

RETURNS = os.environ["RETURNS_TABLE"]
dynamodb = boto3.client("dynamodb")


class State:
    def __init__(self, parcel, **more):
        self.parcel = parcel
        self.__dict__.update(more)

    def next(self):
        raise NotImplementedError

    def remind(self):
        boto3.client("scheduler").get_schedule(Name=self.parcel["id"], GroupName=os.environ["REMINDERS"])


class Announced(State):
    def next(self):
        item = dynamodb.get_item(TableName=RETURNS, Key={"id": {"S": self.parcel["id"]}}).get("Item")
        return Received(self.parcel, item=item) if item else None


class Received(State):
    def next(self):
        if self.parcel.get("broken"):
            return Refused(self.parcel, reason="broken")
        if self.parcel.get("paid"):
            return Closed(self.parcel, texts=Texts(self.parcel["language"]))
        return None

    def inspect(self):
        boto3.client("rekognition").detect_custom_labels(
            ProjectVersionArn=os.environ["DAMAGE_MODEL"], Image={"Bytes": self.parcel["photo"]}
        )


class Refused(State):
    def next(self):
        dynamodb.update_item(
            TableName=RETURNS,
            Key={"id": {"S": self.parcel["id"]}},
            UpdateExpression="SET reason = :reason",
            ExpressionAttributeValues={":reason": {"S": self.reason}},
        )


class Closed(State):
    def next(self):
        dynamodb.delete_item(TableName=RETURNS, Key={"id": {"S": self.parcel["id"]}})


class Lost(State):
    """Nothing becomes lost any more."""

    def next(self):
        boto3.client("sns").publish(TopicArn=os.environ["LOST_TOPIC"], Message=self.parcel["id"])


def start(event):
    return Announced(event["parcel"])
