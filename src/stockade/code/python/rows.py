"""Rows of a table, whose members belong together: a function and its arguments, a client and a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from stockade.code.python.judgement import DOING, telling
from stockade.code.python.values import (
    Abstract,
    Arguments,
    Array,
    Bound,
    Dict,
    Instance,
    Partial,
    identity,
    options,
    plain,
)
from stockade.code.services import Services

ROWS: Final = 40
"""How many rows are met one by one."""

_DOES: Final = (*DOING, Bound, Partial)


def rows(values: Iterable[Abstract], services: Services) -> tuple[Abstract, ...]:
    """Values to be met one by one, so that no member of one is taken together with another's; else none."""
    found: dict[object, Abstract] = {}
    for value in values:
        for one in options(value):
            found.setdefault(identity(one), one)
            if len(found) > ROWS:
                return ()
    several = tuple(found.values())
    return several if sum(_tied(one, services) for one in several) > 1 else ()


def each(arguments: Arguments) -> Iterator[tuple[Abstract, int | str]]:
    """What a call hands over, with where it does."""
    for at, value in enumerate(arguments.positional):
        yield value, at
    for name, value in arguments.keywords.items():
        yield value, name


def with_row(arguments: Arguments, where: int | str, row: Abstract) -> Arguments:
    """The same call with one of the rows that an argument may be."""
    positional, keywords = arguments.positional, arguments.keywords
    if isinstance(where, str):
        return Arguments(positional, {**keywords, where: row}, arguments.open)
    return Arguments([*positional[:where], row, *positional[where + 1 :]], keywords, arguments.open)


def _tied(value: Abstract, services: Services) -> bool:
    """Whether a value holds what calls, or a service's name, and something else that tells it from others."""
    inside = _members(value)
    if len(inside) < 2 or not any(_calls(one, services) for one in inside):
        return False
    return sum(1 for one in inside if telling(one) or isinstance(one, _DOES)) > 1


def _calls(value: Abstract, services: Services) -> bool:
    if isinstance(value, _DOES):
        return True
    name = plain(value)
    return isinstance(name, str) and name in services


def _members(value: Abstract) -> list[Abstract]:
    match value:
        case Array():
            return value.items
        case Dict():
            return [*value.items.values()]
        case Instance():
            return [*value.attributes.values()]
        case _:
            return []
