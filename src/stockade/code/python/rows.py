"""Rows of a table, whose members belong together: a function and its arguments, a client and a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stockade.code.python.judgement import DOING, telling
from stockade.code.python.values import (
    Abstract,
    Arguments,
    Array,
    Bound,
    Dict,
    Instance,
    Many,
    Partial,
    identity,
    options,
    plain,
)
from stockade.code.services import Services

ROWS: Final = 40
"""How many rows are met one by one."""

_DOES: Final = (*DOING, Bound, Partial)
_ROW: Final = (Array, Dict, Instance)


def rows(values: Iterable[Abstract], services: Services) -> tuple[Abstract, ...]:
    """Values to be met one by one, so that no member of one is taken together with another's; else none."""
    every = [one for value in values for one in options(value)]
    if len(every) < 2 or not any(type(one) in _ROW and _tied(one, services) for one in every):
        return ()
    found = tuple({identity(one): one for one in reversed(every)}.values())[::-1]
    if len(found) > ROWS or sum(_tied(one, services) for one in found) < 2:
        return ()
    return found


def several(arguments: Arguments) -> list[tuple[Abstract, int | str]]:
    """What a call hands over that may be one of several things, with where it does."""
    found: list[tuple[Abstract, int | str]] = []
    for at, value in enumerate(arguments.positional):
        if type(value) is Many:
            found.append((value, at))
    for name, value in arguments.keywords.items():
        if type(value) is Many:
            found.append((value, name))
    return found


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
