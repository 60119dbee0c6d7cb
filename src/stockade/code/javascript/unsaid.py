"""What the language calls where nobody wrote a call: setters, conversions to texts and numbers, ``then``."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript import tree as t
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.texts import plain
from stockade.code.javascript.values import (
    Atom,
    Bound,
    ClassValue,
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
from stockade.source import Span

TEXT: Final = ("@@toPrimitive", "toString", "valueOf")
NUMBER: Final = ("@@toPrimitive", "valueOf", "toString")
"""The methods that a conversion asks for, the first that an object has of its own."""

_DEEP: Final = 4
"""How deep objects are looked into for what is to be written as JSON."""


def setter(owner: Thing | ClassValue, name: str) -> Closure | None:
    """What is called where a member is set; nothing where it is merely kept."""
    if isinstance(owner, ClassValue):
        return _in_line(owner, "static_setters", name)
    return owner.setters.get(name) or (_in_line(owner.of, "setters", name) if owner.of is not None else None)


def _in_line(of: ClassValue | None, kind: str, name: str) -> Closure | None:
    for _ in range(12):
        if of is None:
            break
        found: Closure | None = getattr(of, kind).get(name)
        if found is not None:
            return found
        of = next((atom for atom in of.base if isinstance(atom, ClassValue)), None)
    return None


def converted(machine: Machine, values: Values, asked: tuple[str, ...], at: Span) -> Values:
    """Values where a text or a number is wanted: objects that say how they become one are asked."""
    if Thing not in map(type, values):
        return values
    return join(*(_converted(machine, atom, asked, at) for atom in values))


def _converted(machine: Machine, atom: Atom, asked: tuple[str, ...], at: Span) -> Values:
    if isinstance(atom, Thing):
        for name in asked:
            method = _own(machine, atom, name, at)
            if method:
                return machine.call(method, (atom,), [], at) or machine.unknown("it is computed", at)
    return (atom,)


def _own(machine: Machine, thing: Thing, name: str, at: Span) -> Values:
    """A method that an object, its class or its prototype has by this name."""
    if thing.of is None and name not in thing.table and not thing.base:
        return ()  # what every object has does nothing
    found = machine.get((thing,), name, at)
    return tuple(one for one in found if not is_nothing(one) and not isinstance(one, Opaque))


def as_json(machine: Machine, name: str, arguments: list[Values], at: Span) -> Values:
    """What JSON is made of, or into: objects that say how are asked, and what is handed over is called."""
    first = join(*arguments[:1])
    _written(machine, first, at, _DEEP)
    for function in (one for one in join(*arguments[1:2]) if isinstance(one, Closure)):
        machine.run_callback(function, [machine.unknown("it is a member's name", at)], at)
    if name == "stringify":
        machine.kept.written[at] = first
        return machine.unknown("it is computed", at)
    parsed = machine.unknown("it is parsed from a text", at)
    if len(first) != 1 or not isinstance(first[0], Opaque):
        return parsed
    return _parsed(machine, machine.kept.written.get(first[0].at, ()), at, _DEEP) or parsed


def _parsed(machine: Machine, values: Values, at: Span, depth: int) -> Values:
    """Values as they are after they were written as JSON and read again: what does something is left out."""
    out: list[Values] = []
    for atom in values:
        match atom:
            case Thing(of=None, kind="", base=()) if depth:
                made = Thing(atom.at, open=atom.open)
                made.born = machine.now
                for name, one in atom.table.items():
                    made.table[name] = _parsed(machine, machine.resolved(one), at, depth - 1)
                out.append((made,))
            case Listing() if depth:
                items = [_parsed(machine, one, at, depth - 1) for one in atom.items]
                copied = Listing(atom.at, items, _parsed(machine, atom.rest, at, depth - 1), atom.open)
                copied.born = machine.now
                out.append((copied,))
            case Literal() | Words() | Opaque(kind="", wraps=()):
                out.append((atom,))
            case _:
                out.append(machine.unknown("it is parsed from a text", at))
    return join(*out)


def _written(machine: Machine, values: Values, at: Span, depth: int) -> None:
    for atom in values:
        if isinstance(atom, Thing):
            method = _own(machine, atom, "toJSON", at)
            if method:
                machine.call(method, (atom,), [], at)
            elif depth:
                for one in [*atom.table.values()]:
                    _written(machine, machine.resolved(one), at, depth - 1)
        elif isinstance(atom, Listing) and depth:
            _written(machine, join(*atom.items, atom.rest), at, depth - 1)


def awaited(machine: Machine, values: Values, at: Span) -> Values:
    """What ``await`` gives: an object that has a ``then`` of its own is asked for it."""
    if Thing not in map(type, values):
        return values
    out: list[Values] = []
    for atom in values:
        then = _own(machine, atom, "then", at) if isinstance(atom, Thing) else ()
        out.append(_given(machine, then, atom, at) if then else (atom,))
    return join(*out)


def _given(machine: Machine, then: Values, atom: Atom, at: Span) -> Values:
    given: list[Values] = []

    def resolve(_: Machine, this: Values, arguments: list[Values], where: Span) -> Values:
        given.extend(arguments[:1])
        return machine.undefined(where)

    settle: Values = (Native("resolve", resolve),)
    machine.call(then, (atom,), [settle, settle], at)
    return join(*given) or machine.unknown("it is what a promise gives", at)


def disposed(machine: Machine, values: Values, at: Span) -> None:
    """What a block does at its end with what it had by ``using``."""
    for atom in values:
        if isinstance(atom, Thing):
            found = (_own(machine, atom, name, at) for name in ("@@asyncDispose", "@@dispose"))
            method = next((one for one in found if one), ())
            machine.call(method, (atom,), [], at)


def compared(machine: Machine, value: Values, classes: Values, at: Span) -> None:
    """``value instanceof Class``, where the class says by itself what is one of its objects."""
    for atom in classes:
        if isinstance(atom, Thing | ClassValue):
            method = tuple(
                one for one in machine.get((atom,), "@@hasInstance", at) if isinstance(one, Closure | Bound)
            )
            if method:
                machine.call(method, (atom,), [value], at)


def set_base(machine: Machine, values: Values, base: Values) -> None:
    """Make something the prototype of objects."""
    for one in values:
        if isinstance(one, Thing):
            one.base = join(one.base, tuple(atom for atom in base if not is_nothing(atom)))
            machine.changes.happened(machine.now, one.born)


def give_getter(thing: Thing, name: str, getter: Values) -> None:
    """Give an object a getter, where what there is for it is a function."""
    for one in getter:
        if isinstance(one, Closure):
            thing.getters[name] = one
            return


def define(machine: Machine, arguments: list[Values], at: Span) -> Values:
    """``Object.defineProperty``"""
    if len(arguments) < 3:
        return arguments[0] if arguments else ()
    owners = [one for one in arguments[0] if isinstance(one, Thing)]
    descriptors = [one for one in arguments[2] if isinstance(one, Thing)]
    if any(not isinstance(key, Literal) for key in arguments[1]):
        for one in (one for descriptor in descriptors for one in descriptor.table.get("get", ())):
            _copied(machine, owners, one)
    for name in (plain(key.value) for key in arguments[1] if isinstance(key, Literal)):
        for descriptor in descriptors:
            for one in descriptor.table.get("set", ()):
                for owner in owners if isinstance(one, Closure) else ():
                    owner.setters = {**owner.setters, name: one}
            if "get" in descriptor.table:
                if len(owners) < len(arguments[0]):  # of what the language provides, say: somebody asks for it
                    machine.handed("an object", [descriptor.table["get"]], at)
                for owner in owners:
                    give_getter(owner, name, descriptor.table["get"])
            elif "value" in descriptor.table and name != "__esModule":
                machine.put(arguments[0], name, descriptor.table["value"], at)
    return arguments[0]


def _copied(machine: Machine, owners: list[Thing], getter: Atom) -> None:
    """Give objects the members of a package that is copied name by name, as bundlers write an import.

    A getter for a name that is not known, which asks another object for its member of a name that is not known
    either, makes of the one object what the other is.
    """
    if not isinstance(getter, Closure):
        return
    body = getter.node.body
    if isinstance(body, t.Block) and len(body.body) == 1:
        body = body.body[0]
    asked = body.value if isinstance(body, t.Return) else body
    if not isinstance(asked, t.Index) or not isinstance(asked.object, t.Name):
        return
    scope = getter.scope.find(asked.object.id)
    values = scope.table[asked.object.id] if scope is not None else ()
    found = tuple(one for one in values if isinstance(one, External)) if isinstance(values, tuple) else ()
    for owner in owners if found else ():
        owner.base = join(found, owner.base)
