"""``new`` of what JavaScript itself has: promises, maps, errors, addresses."""

from __future__ import annotations

from typing import Any

from stockade.code.javascript import proxies
from stockade.code.javascript.iterating import met_in
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.natives import call, on_map, unknown_call
from stockade.code.javascript.values import Listing, Native, Thing, Values, is_nothing, join
from stockade.source import Span


def construct(machine: Machine, path: tuple[str, ...], arguments: list[Values], at: Span) -> Values:
    """``new`` of a global."""
    first = arguments[0] if arguments else ()
    match path:
        case ("Promise",):
            return _promise(machine, first, at)
        case ("Map" | "WeakMap" | "Set" | "WeakSet",):
            return (_map(machine, path[0], first, at),)
        case ("WeakRef",):
            made = Thing(at)
            made.table["deref"] = (Native("deref", lambda _machine, _this, _arguments, _at: first),)
            return (made,)
        case ("Proxy",):
            return proxies.made(machine, first, join(*arguments[1:2]), at)
        case ("Function",):
            return call(machine, path, arguments, at)
        case ("Array",):
            return (Listing(at, arguments if len(arguments) > 1 else (), (), open=True),)
        case ("Object",):
            return (Thing(at),)
        case ("Error" | "TypeError" | "RangeError",):
            return machine.unknown("it is an error", at)
        case ("URL",) if first:
            return machine.unknown("it is an address", at)
        case _:
            return unknown_call(machine, path, arguments, at)


def _map(machine: Machine, name: str, first: Values, at: Span) -> Thing:
    """A map or a set of what it is made of: pairs for a map."""
    made = Thing(at, kind="map" if "Map" in name else "set")
    for atom in first:
        if isinstance(atom, Thing) and (met := met_in(machine, atom, at)) is not None:
            atom = Listing(at, (), met, open=True)
        if isinstance(atom, Listing):
            for one in (one for pair in (*atom.items, atom.rest) for one in pair):
                if isinstance(one, Listing) and one.items and "Map" in name:
                    on_map(machine, made, "set", [*one.items, machine.undefined(at)][:2], at)
                else:
                    on_map(machine, made, "add", [(one,)], at)
        elif not is_nothing(atom):
            made.table["*"] = machine.unknown("it is one of several", at)
    return made


def _promise(machine: Machine, executor: Values, at: Span) -> Values:
    """What a promise resolves to is what its executor hands over, now or in a callback."""
    result = Thing(at)
    unknown = machine.unknown("it is what a promise resolves to", at)

    def resolve(_: Any, this: Values, arguments: list[Values], where: Span) -> Values:
        value = arguments[0] if arguments else machine.undefined(where)
        result.table["value"] = join(result.table.get("value", ()), value)
        return machine.undefined(where)

    def reject(_: Any, this: Values, arguments: list[Values], where: Span) -> Values:
        machine.threw(join(*arguments[:1]))
        return machine.undefined(where)

    machine.call(executor, (), [(Native("resolve", resolve),), (Native("reject", reject),)], at)
    found: Values = result.table.get("value", ())
    return found or unknown


def deferred(machine: Machine, at: Span) -> Values:
    """``Promise.withResolvers()``: whoever waits for the promise gets what it was given by then."""
    made, promise = Thing(at), Thing(at)
    made.born = promise.born = machine.now

    def resolve(_: Any, this: Values, arguments: list[Values], where: Span) -> Values:
        machine.set(promise, "(value)", join(promise.table.get("(value)", ()), *arguments[:1]))
        return machine.undefined(where)

    def then(_: Any, this: Values, arguments: list[Values], where: Span) -> Values:
        given = promise.table.get("(value)", ()) or machine.unknown("it is what a promise resolves to", where)
        return machine.call(arguments[0] if arguments else (), (), [given], where)

    promise.table["then"] = (Native("then", then),)
    made.table["promise"] = (promise,)
    made.table["resolve"] = made.table["reject"] = (Native("resolve", resolve),)
    return (made,)
