"""Parts of something: slices, and what the patterns of ``match`` take out of it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from stockade.code.python.machine import Machine
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Array,
    Class,
    Data,
    Frame,
    Instance,
    Opaque,
    Site,
    join,
    options,
    plain,
    texts,
)
from stockade.value import Known

Bind = Callable[[str, Abstract], None]


def sliced(machine: Machine, node: ast.Slice, frame: Frame) -> Abstract:
    """``start:end``, where both are known numbers or are not there; otherwise something that is not known."""
    site = frame.module.site(node)
    edges: list[Any] = []
    for one in (node.lower, node.upper, node.step):
        edge = None if one is None else plain(machine.evaluate(one, frame))
        edges.append(edge if one is None or type(edge) is int else site)
    if site in edges or edges[2] == 0:
        return Data(Known(slice(None), site.origin)) if site in edges[:2] else Opaque(site)
    return Data(Known(slice(*edges), site.origin))


def part(value: Array, cut: slice, site: Site) -> Array:
    """``value[start:end]``: each element may be in it where not all are known."""
    return Array(site, list(value.items) if value.open else value.items[cut], value.open)


def captured(
    machine: Machine, site: Site, pattern: ast.pattern, value: Abstract, bind: Bind, frame: Frame
) -> None:
    """Bind the names of a pattern to what it takes out of something."""

    def inner(one: ast.pattern, found: Abstract) -> None:
        captured(machine, site, one, found, bind, frame)

    match pattern:
        case ast.MatchAs(pattern=below, name=name):
            if name is not None:
                bind(name, value)
            if below is not None:
                inner(below, value)
        case ast.MatchStar(name=name):
            if name is not None:
                bind(name, Array(site, [value], True))
        case ast.MatchMapping(keys=keys, patterns=patterns, rest=rest):
            for key, one in zip(keys, patterns, strict=True):
                inner(one, machine.item(site, value, machine.evaluate(key, frame)))
            if rest is not None:
                bind(rest, value)
        case ast.MatchSequence(patterns=patterns):
            element = machine.elements(site, value)
            exact = isinstance(value, Array) and not value.open and len(value.items) == len(patterns)
            for at, one in enumerate(patterns):
                inner(one, value.items[at] if exact and isinstance(value, Array) else element)
        case ast.MatchClass(cls=cls, patterns=patterns, kwd_attrs=names, kwd_patterns=named):
            value = _of_class(machine, site, value, machine.evaluate(cls, frame))
            fields = machine.attribute(site, value, "__match_args__") if patterns else value
            for at, one in enumerate(patterns):
                if isinstance(fields, Array) and at < len(fields.items):
                    field = join(*(machine.attribute(site, value, name) for name in texts(fields.items[at])))
                else:
                    field = join(value, NOTHING_KNOWN) if len(patterns) == 1 else NOTHING_KNOWN
                inner(one, field)
            for name, one in zip(names, named, strict=True):
                inner(one, machine.attribute(site, value, name))
        case ast.MatchOr(patterns=patterns):
            for one in patterns:
                inner(one, value)
        case _:
            pass


def excluded(machine: Machine, site: Site, pattern: ast.pattern, value: Abstract, frame: Frame) -> bool:
    """Whether nothing that a value may be is an object of the class that a pattern asks for."""
    match pattern:
        case ast.MatchAs(pattern=ast.pattern() as below):
            return excluded(machine, site, below, value, frame)
        case ast.MatchOr(patterns=patterns):
            return all(excluded(machine, site, one, value, frame) for one in patterns)
        case ast.MatchClass(cls=cls):
            wanted = machine.evaluate(cls, frame)
            if isinstance(wanted, Class):
                return not _fitting(machine, site, value, wanted)
    return False


def _of_class(machine: Machine, site: Site, value: Abstract, cls: Abstract) -> Abstract:
    """What of something may be an object of a class."""
    if not isinstance(cls, Class):
        return value
    found = _fitting(machine, site, value, cls)
    return join(*found) if found else value


def _fitting(machine: Machine, site: Site, value: Abstract, cls: Class) -> list[Abstract]:
    found: list[Abstract] = []
    for one in options(value):
        above = machine.attribute(site, one.cls, "__mro__") if isinstance(one, Instance) else None
        if not isinstance(above, Array) or any(each is cls for each in above.items):
            found.append(one)
    return found
