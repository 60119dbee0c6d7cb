"""Lists and maps of classes that extend the language's own: what they have beside what all of those have."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript import natives
from stockade.code.javascript.inherited import find_method
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import (
    GLOBAL,
    Bound,
    ClassValue,
    External,
    Listing,
    Native,
    Run,
    Thing,
    Values,
    join,
)
from stockade.source import Span

_LIST: Final = External(GLOBAL, ("Array",))
_OF_ITERATORS: Final = frozenset(("drop", "take", "toArray"))
"""Methods of iterators, which are held to be lists, that lists do not have."""


def of_list(machine: Machine, listing: Listing, name: str, arguments: list[Values], at: Span) -> Values:
    """A method of a list; nothing where it is no such method.

    What no list has is a method of a class of the program's that extends ``Array``: what that makes of others,
    and its ``map`` and ``filter``, are lists like any other here.
    """
    given = () if name in _OF_ITERATORS else natives.on_listing(machine, listing, name, arguments, at)
    if given:
        return given
    out: list[Values] = []
    for of in [*machine.classes]:
        method = find_method(of, name)
        if method is not None and _is_list(of):
            whose = Thing(at, of=of)
            whose.born = machine.now
            whose.base = (listing,)
            out.append(machine.call((method,), (whose,), arguments, at))
    return join(*out) or natives.on_listing(machine, listing, name, arguments, at)


def as_list(machine: Machine, thing: Thing, name: str, arguments: list[Values], at: Span) -> Values:
    """A method of ``Array`` of an object whose class extends that; nothing for any other object."""
    held = (one for one in thing.base if isinstance(one, Listing))
    return join(*(natives.on_listing(machine, one, name, arguments, at) for one in held))


def of_map(thing: Thing, name: str) -> Values:
    """A method of a map or a set that is taken off it."""
    return (Bound(Native(name, _called(name)), (thing,), ()),)


def _called(name: str) -> Run:
    def run(machine: Machine, this: Values, arguments: list[Values], at: Span) -> Values:
        things = (one for one in this if isinstance(one, Thing))
        return join(*(natives.on_map(machine, one, name, arguments, at) for one in things))

    return run


def _is_list(of: ClassValue) -> bool:
    line: ClassValue | None = of
    for _ in range(12):
        if line is None:
            break
        if _LIST in line.base:
            return True
        line = next((one for one in line.base if isinstance(one, ClassValue)), None)
    return False
