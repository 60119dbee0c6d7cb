"""Keeps people in a user pool in step with the directory of the company."""
from typing import Optional

from directory.pool import UserPool
from directory.queue import Inbox, Message


class Sync:
    def __init__(self, pool: Optional[UserPool] = None, inbox: Optional[Inbox] = None):
        self.pool = pool or UserPool()
        self.inbox = inbox or Inbox.default()

    def one(self, message: Message) -> None:
        user = self.pool.find(message.mail)
        if message.left:
            return self.pool.lock(user) if user else None
        if user is None:
            self.pool.invite(message.mail, message.name)
        elif user.name != message.name:
            user.rename(message.name)

    def run(self, limit: int) -> int:
        done = 0
        for message in self.inbox:
            with message:
                self.one(message)
            done += 1
            if done >= limit:
                break
        return done


def handler(event: dict, context) -> dict:
    return {"done": Sync().run(limit=int(event.get("limit", 10)))}
