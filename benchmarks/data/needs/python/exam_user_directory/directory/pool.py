"""The user pool."""
from __future__ import annotations

import logging

import boto3

from .environment import required

logger = logging.getLogger(__name__)


class User:
    def __init__(self, pool: UserPool, mail: str, attributes: list):
        self._pool = pool
        self.mail = mail
        self._attributes = {one["Name"]: one["Value"] for one in attributes}

    @property
    def name(self) -> str:
        return self._attributes.get("name", "")

    def rename(self, name: str) -> None:
        self._pool.call("admin_update_user_attributes", self.mail, UserAttributes=[{"Name": "name", "Value": name}])


class UserPool:
    def __init__(self, client=None, pool_id: str = required("POOL_ID", "unset")):
        self._client = client if client is not None else boto3.client("cognito-idp")
        self._pool_id = pool_id

    def call(self, operation: str, mail: str, **more):
        logger.info("%s of %s", operation, mail)
        return getattr(self._client, operation)(UserPoolId=self._pool_id, Username=mail, **more)

    def find(self, mail: str) -> User | None:
        try:
            found = self.call("admin_get_user", mail)
        except self._client.exceptions.UserNotFoundException:
            return None
        return User(self, mail, found["UserAttributes"])

    def invite(self, mail: str, name: str) -> None:
        self.call("admin_create_user", mail, UserAttributes=[{"Name": "name", "Value": name}])

    def lock(self, user: User) -> None:
        self.call("admin_disable_user", user.mail)

    def remove(self, user: User) -> None:
        self.call("admin_delete_user", user.mail)
