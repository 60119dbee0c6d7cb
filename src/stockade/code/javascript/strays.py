"""What things that nobody knows were given under a name: whoever asks one of them for the name may get it."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript.able import is_able
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import Values, join

_KEEPS: Final = frozenset(("set", "decorate", "decorateRequest", "decorateReply", "app"))
"""Methods by which an application or a request of a framework keeps something under a name."""


def give(machine: Machine, name: str, value: Values) -> None:
    """Something is set as a member of what nobody knows: of an event, say, that middleware gives a service."""
    given = tuple(one for one in value if is_able(one, 2))
    if given:
        machine.set(machine.strays, name, join(asked(machine, name), given))


def asked(machine: Machine, name: str) -> Values:
    """What a member of this name may be, of something that nobody knows."""
    given: Values = machine.strays.table.get(name, ())
    return given


def keeps(machine: Machine, method: str, names: list[str], value: Values) -> bool:
    """Whether what nobody knows keeps a value as a member: ``c.set("db", client)`` of Hono, which is
    asked for as ``c.get("db")`` or ``c.var.db``; ``fastify.decorate("db", client)``."""
    if method not in _KEEPS:
        return False
    for name in names:
        give(machine, name, value)
    return bool(names)
