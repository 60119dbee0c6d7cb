"""All ways to reach somebody."""
from .base import Channel
from .chat import Chat
from .direct import Mail, Push, Text

_CHANNELS: dict[str, Channel] = {one.name: one() for one in (Mail, Text, Push, Chat)}


def channel(name: str) -> Channel:
    return _CHANNELS.get(name) or _CHANNELS["chat"]
