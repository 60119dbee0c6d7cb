"""Parameters that every call of a client gets: those it was made with, and its address where that matters."""

from __future__ import annotations

from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import Client, Thing, Values, is_nothing
from stockade.source import Span


def of(config: Values) -> Thing | None:
    """The parameters that a client of version 2 was made with."""
    for atom in config:
        if isinstance(atom, Thing):
            for one in atom.table.get("params", ()):
                if isinstance(one, Thing):
                    return one
    return None


def addressed(machine: Machine, before: Thing | None, config: Values, at: Span) -> Thing:
    """What every call of a client gets, with the address that the client was made with."""
    made = Thing(at)
    made.table.update(before.table if before is not None else {})
    given = tuple(
        one for atom in config if isinstance(atom, Thing) for one in machine.get((atom,), "endpoint", at)
    )
    made.table["endpoint"] = tuple(one for one in given if not is_nothing(one)) or machine.unknown(
        "where the client asks is not known", at
    )
    return made


def merged(client: Client | None, input: Values) -> Values:
    """A request with the parameters that every call of its client gets."""
    if client is None or client.bound is None:
        return input
    made = Thing(client.bound.at)
    made.table.update(client.bound.table)
    for atom in input:
        if isinstance(atom, Thing):
            made.table.update(atom.table)
            made.open = made.open or atom.open
        elif not is_nothing(atom):
            made.open = True
    return (made,)
