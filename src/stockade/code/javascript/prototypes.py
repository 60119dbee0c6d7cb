"""Methods that a program gives to what is not its own: ``Array.prototype.save = function () {…}``."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript.inherited import find_method
from stockade.code.javascript.machine import Left, Machine
from stockade.code.javascript.values import (
    GLOBAL,
    Atom,
    Bound,
    Client,
    Closure,
    External,
    Listing,
    Literal,
    Native,
    Opaque,
    Thing,
    Values,
    Words,
    is_nothing,
    join,
)
from stockade.code.services import Services
from stockade.source import Span

_PROTOTYPE: Final = "prototype"
_CALLED_BY_ITSELF: Final = frozenset(
    ("makeRequest", "makeUnauthenticatedRequest", "setupRequestListeners", "customRequestHandler", "send")
)
"""Methods of clients that these call by themselves, whatever they are asked for."""


def is_one(external: External) -> bool:
    """Whether it is what all objects of one of the language's own kinds share."""
    return external.module == GLOBAL and external.path[1:] == (_PROTOTYPE,)


def added(machine: Machine, atom: Atom, name: str) -> Values:
    """What a program gave to all objects of such a kind under a name, where it has it from there.

    A promise is what it resolves to here, so that it has all that promises were given as well.
    """
    of = machine.kept.extended.get(name)
    if of is None:
        return ()
    kinds = list(of) if isinstance(atom, Opaque) else [one for one in _kinds(atom, name) if one in of]
    found = (machine.globals.table.get(f"{kind}.{_PROTOTYPE}.{name}", ()) for kind in kinds)
    return join(*map(machine.resolved, found))


def _kinds(atom: Atom, name: str) -> tuple[str, ...]:
    match atom:
        case Listing():
            return "Array", "Promise", "Object"
        case Literal() if is_nothing(atom):
            return ("Promise",)
        case Literal(value=bool()):
            return "Boolean", "Promise", "Object"
        case Literal(value=str()) | Words():
            return "String", "Promise", "Object"
        case Literal():
            return "Number", "Promise", "Object"
        case Closure() | Bound() | Native():
            return "Function", "Promise", "Object"
        case Thing() if name in atom.table or (atom.of is not None and find_method(atom.of, name)):
            return ()
        case Thing():
            kind = {"map": "Map", "set": "Set"}.get(atom.kind, "Array" if atom.of is not None else "Error")
            return kind, "Promise", "Object"
        case _:
            return "Promise", "Object"


def replaced(machine: Machine, client: Client, name: str, value: Values, at: Span) -> None:
    """A function is put on a client: who asks for an operation so called calls it, or the client does."""
    service = Services.load().service(client.service)
    if service is not None and service.by_any_case(name) is not None:
        return
    for one in value:
        if isinstance(one, Closure):
            reason = "it is put on a client, and who calls it there was not seen"
            machine.kept.left_over.setdefault(id(one.node), Left(one, at, name in _CALLED_BY_ITSELF, reason))
