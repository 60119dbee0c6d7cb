"""Which values can do something for whoever gets them: clients, functions, and what holds such."""

from __future__ import annotations

from stockade.code.javascript import containers
from stockade.code.javascript.inherited import methods_of
from stockade.code.javascript.values import Atom, Client, Closure, Helper, Opaque, Thing, Values


def is_worth_catching(atom: Atom) -> bool:
    """Whether whoever catches it may call something of it."""
    if not isinstance(atom, Thing):
        return False
    held = any(is_able(inner, 1) for values in _held(atom) for inner in values)
    return held or bool(methods_of(atom.of))


def _held(thing: Thing) -> list[Values]:
    """What an object holds that is known by now."""
    return [values for values in thing.table.values() if isinstance(values, tuple)]


def is_able(atom: Atom, depth: int) -> bool:
    """Whether it is a client, a function or an object of a class, or holds one."""
    match atom:
        case Client() | Closure():
            return True
        case Opaque(wraps=wraps):
            return bool(wraps)
        case Helper(kind=kind):
            return kind == containers.CRADLE
        case Thing(of=None) if depth:
            return any(is_able(one, depth - 1) for values in _held(atom) for one in values)
        case Thing():
            return atom.of is not None
        case _:
            return False
