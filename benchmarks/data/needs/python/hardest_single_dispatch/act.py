import os
from functools import singledispatch, singledispatchmethod

import boto3

from messages import Invite, Message, Remove, Rename

users = boto3.client("cognito-idp")
POOL = os.environ["USER_POOL"]


class Notes:
    def __init__(self, table):
        self.table = table

    @singledispatchmethod
    def note(self, value):
        self.table.put_item(Item={"id": str(value)})

    @note.register
    def _(self, value: dict):
        self.table.update_item(Key={"id": value["id"]}, AttributeUpdates={})


notes = Notes(boto3.resource("dynamodb").Table(os.environ["NOTES"]))


@singledispatch
def act(message):
    raise TypeError(type(message))


@act.register(Message)
def _(message):
    notes.note({"id": message.id})


@act.register
def invite(message: Invite):
    users.admin_create_user(UserPoolId=POOL, Username=message.id)
    notes.note(message.id)


@act.register
def remove(message: Remove):
    gone = users.admin_delete_user if message.hard else users.admin_disable_user
    gone(UserPoolId=POOL, Username=message.id)


@act.register
def rename(message: Rename):
    attributes = [{"Name": "name", "Value": message.name}]
    users.admin_update_user_attributes(UserPoolId=POOL, Username=message.id, UserAttributes=attributes)
