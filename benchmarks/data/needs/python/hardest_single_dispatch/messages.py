import json
from dataclasses import dataclass


@dataclass
class Message:
    id: str


@dataclass
class Invite(Message):
    email: str


@dataclass
class Remove(Message):
    hard: bool = False


@dataclass
class Rename(Message):
    name: str = ""


def parse(body):
    match json.loads(body):
        case {"type": "invite", "id": id, "email": str(email)}:
            return Invite(id, email)
        case {"type": "remove", "id": id, **rest}:
            return Remove(id, rest.get("hard", False))
        case {"type": "rename", "id": id, "name": name}:
            return Rename(id, name)
        case other:
            return Message(other["id"])
