"""What goes through something: objects that say how that is done, and iterators one step after another."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript import tree as t
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.texts import plain
from stockade.code.javascript.values import (
    Atom,
    ClassValue,
    Closure,
    External,
    Frame,
    Listing,
    Literal,
    Opaque,
    Scope,
    Thing,
    Values,
    is_nothing,
    join,
)
from stockade.source import Span

ITERATORS: Final = ("@@asyncIterator", "@@iterator")
"""The names that members have whose key is one of the language's own symbols (``[Symbol.iterator]``)."""


def iterated(machine: Machine, thing: Thing, at: Span) -> Values | None:
    """What a loop meets in an object with an iterator of its own; ``None`` where it has none."""
    lists = [one for one in thing.base if isinstance(one, Listing)]  # of a class that extends ``Array``
    if lists:
        return join(*(one.any() for one in lists))
    for name in ITERATORS:
        found = machine.get((thing,), name, at)
        known = tuple(one for one in found if not is_nothing(one) and not isinstance(one, Opaque))
        if known:
            made = machine.call(known, (thing,), [], at)
            return join(*(_met(machine, one, at) for one in made)) or machine.unknown(
                "it is one of several", at
            )
    return None


def _met(machine: Machine, iterator: object, at: Span) -> Values:
    match iterator:
        case Listing():
            return iterator.any()
        case Thing():
            met = machine.get(machine.invoke((iterator,), "next", [], at), "value", at)
            _closed(machine, iterator, at)
            return met
        case _:
            return machine.unknown("it is one of several", at)


def _closed(machine: Machine, iterator: Thing, at: Span) -> None:
    """An iterator that is left before its end is told so by its ``return``."""
    found = machine.get((iterator,), "return", at)
    known = tuple(one for one in found if not is_nothing(one) and not isinstance(one, Opaque))

    def leave() -> bool:
        machine.call(known, (iterator,), [], at)
        return False

    if known:
        machine.branches(leave, lambda: False)


def elements(machine: Machine, atom: object, at: Span) -> Values:
    """What ``[...value]`` and ``Array.from(value)`` are made of."""
    match atom:
        case Listing():
            return atom.any()
        case Thing() if (found := met_in(machine, atom, at)) is not None:
            return found
        case _:
            return machine.unknown("it is one of several", at)


def met_in(machine: Machine, thing: Thing, at: Span) -> Values | None:
    """What going through an object meets: pairs in a map, elements in a set, what its own iterator gives."""
    match thing.kind:
        case "map":
            return pairs(machine, thing, at)
        case "set":
            return machine.any_of((thing,), at)
        case _:
            return iterated(machine, thing, at)


def names_of(thing: Thing) -> list[str]:
    """The names of an object's members: of a file's exports those that it hands on as well."""
    found = dict.fromkeys((*thing.table, *thing.getters))
    seen, left = {id(thing)}, [thing]
    while left:  # files that hand on each other's exports may go round in a circle
        for one in (one for star in left.pop().stars for one in star("*") or ()):
            if isinstance(one, Thing) and id(one) not in seen:
                seen.add(id(one))
                left.append(one)
                found.update(dict.fromkeys(name for name in (*one.table, *one.getters) if name != "default"))
    return list(found)


def key_name(machine: Machine, key: Atom) -> str:
    """What stands for a key of a map in the table of its values; empty where it cannot be told from others."""
    match key:
        case Literal(value=value):
            return plain(value)
        case ClassValue():
            name = f"(class {id(key)})"
        case Closure(node=node):
            name = f"(function {id(node)})"
        case External(module=module, path=path):
            name = f"(export {module} {'.'.join(path)})"
        case _:
            return ""
    machine.keyed[name] = (key,)
    return name


def key_called(machine: Machine, name: str, at: Span) -> Values:
    """The key for which a name stands."""
    return machine.keyed.get(name) or (Literal(name, at),)


def pairs(machine: Machine, thing: Thing, at: Span) -> Values:
    """The entries of a map, each a list of its key and its value."""
    out: list[Values] = []
    for name, value in [*thing.table.items()]:
        key = key_called(machine, name, at)
        if name == "*":
            key = join(*thing.keys) or machine.unknown("it is a key", at)
        out.append((Listing(at, [key, machine.resolved(value)]),))
    unknown = machine.unknown("it is one of several", at)
    return join(*out) or (Listing(at, [unknown, unknown]),)


def of_iterator(machine: Machine, listing: Listing, name: str, at: Span) -> Values:
    """A method of an iterator that is held to be a list; nothing where it is no such method."""
    if name in (*ITERATORS, "toArray"):
        return (Listing(at, listing.items, listing.rest, listing.open),)
    if name not in ("next", "return", "throw"):
        return ()
    made = Thing(at)
    made.born = machine.now
    made.table["value"] = listing.any()
    made.table["done"] = machine.unknown("it is known only when it runs", at)
    return (made,)


def one_of(machine: Machine, test: t.Node, frame: Frame) -> tuple[Scope, str, Values] | None:
    """A name that is one of a few texts after ``if (!allowed.has(name)) return``: its scope, it, and they."""
    match test:
        case t.Unary(
            operator="!",
            value=t.Call(
                callee=t.Member(object=t.Name() | t.Member() as holder, name="has" | "includes"),
                arguments=(t.Name(id=name),),
            ),
        ):
            scope = frame.scope.find(name)
            before = scope.table[name] if scope is not None and scope.local else ()
            if scope is None or not before or not all(isinstance(one, Opaque) for one in before):
                return None
            found: list[Values] = []
            for one in machine.evaluate(holder, frame):
                match one:
                    case Listing() if not one.open:
                        found += one.items
                    case Thing(kind="set", table={"*": values}) if len(one.table) == 1:
                        found.append(values)
                    case _:
                        return None
            texts = join(*found)
            if texts and all(isinstance(one, Literal) for one in texts):
                return scope, name, texts
    return None
