"""Functions of `itertools`, `collections` and `heapq`: several things, out of which one is taken later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from stockade.code.python.containers import DEFAULTING
from stockade.code.python.resources import Resources
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    Array,
    Dict,
    Made,
    Opaque,
    Site,
)

Run: TypeAlias = Callable[[Resources, Site, Arguments], Abstract]


def _chain(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    items: list[Abstract] = []
    open_ = arguments.open
    for one in arguments.positional:
        if isinstance(one, Array):
            items += one.items
            open_ = open_ or one.open
        else:
            items.append(machine.elements(site, one))
            open_ = True
    return Array(site, items, open_)


def _chained(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``itertools.chain.from_iterable(lists)``"""
    first = arguments.positional[0] if arguments.positional else Opaque(site)
    if isinstance(first, Array) and not first.open:
        return _chain(machine, site, Arguments(list(first.items)))
    return Array(site, [machine.elements(site, machine.elements(site, first))], True)


def _going_through(at: int) -> Run:
    """What goes through an argument, and gives some of its elements in their order."""

    def run(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
        if len(arguments.positional) <= at:
            return Opaque(site)
        if at:
            element = machine.elements(site, arguments.positional[at])
            machine.call(site, arguments.positional[0], Arguments([element]))
        return Array(site, [machine.elements(site, arguments.positional[at])], True)

    return run


def _star_map(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    if len(arguments.positional) < 2:
        return Opaque(site)
    function, several = arguments.positional[:2]
    rows = several.items if isinstance(several, Array) else [machine.elements(site, several)]
    found: list[Abstract] = []
    for row in rows:
        given = Arguments(list(row.items)) if isinstance(row, Array) and not row.open else Arguments(open=True)
        found.append(machine.call(site, function, given))
    return Array(site, found, not isinstance(several, Array) or several.open)


def _product(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return Array(site, [Array(site, [machine.elements(site, one) for one in arguments.positional])], True)


def _repeat(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return Array(site, arguments.positional[:1], True)


def _pushed(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """``heapq.heappush(list, item)``"""
    if len(arguments.positional) > 1:
        machine.put(site, arguments.positional[0], NOTHING_KNOWN, arguments.positional[1])
    return NOTHING_KNOWN


def _popped(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    return machine.elements(site, arguments.positional[0]) if arguments.positional else Opaque(site)


def _sequence(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    first = arguments.positional[0] if arguments.positional else None
    if first is None:
        return Array(site)
    return (
        Array(site, list(first.items), first.open)
        if isinstance(first, Array)
        else Array(site, [machine.elements(site, first)], True)
    )


def _mapping(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    made = Dict(site)
    for one in arguments.positional:
        if isinstance(one, Dict):
            machine.merge(made, one)
    made.items.update(arguments.keywords)
    made.open = made.open or arguments.open
    return made


def _default_mapping(machine: Resources, site: Site, arguments: Arguments) -> Abstract:
    """A dictionary that makes what is missing: one value stands for all keys that are not known."""
    made = Dict(site)
    if arguments.positional:
        factory = arguments.positional[0]
        made.others.append((Made(DEFAULTING, Arguments([factory])), machine.call(site, factory, Arguments())))
    return made


GATHERING: Final[dict[str, Run]] = {
    "weakref.WeakKeyDictionary": _mapping,
    "weakref.WeakSet": _sequence,
    "weakref.WeakValueDictionary": _mapping,
    "collections.ChainMap": _mapping,
    "collections.OrderedDict": _mapping,
    "collections.defaultdict": _default_mapping,
    "collections.deque": _sequence,
    "heapq.heappop": _popped,
    "heapq.heappush": _pushed,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chained,
    "itertools.cycle": _going_through(0),
    "itertools.dropwhile": _going_through(1),
    "itertools.filterfalse": _going_through(1),
    "itertools.islice": _going_through(0),
    "itertools.product": _product,
    "itertools.repeat": _repeat,
    "itertools.starmap": _star_map,
    "itertools.takewhile": _going_through(1),
    "itertools.zip_longest": _product,
}
