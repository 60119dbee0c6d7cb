"""Names that nothing gives: a class that is called as one of the SDK's may be that one."""

from __future__ import annotations

from stockade.code.javascript.machine import Machine
from stockade.code.javascript.sdk import service_named, unfollowed
from stockade.code.javascript.values import Opaque, Values
from stockade.source import Span


def made(machine: Machine, name: str, value: Values, at: Span) -> None:
    """``new SQS()`` where no import gives ``SQS``: it fails when it runs, or what was not read gives it."""
    if name not in machine.absent or not all(isinstance(one, Opaque) for one in value):
        return
    service = service_named(name.removesuffix("Client"))
    if service is not None:
        reason = "nothing that was read gives this name, which a class of the SDK has"
        unfollowed(machine, f"`new {name}`", reason, at, service.name)
