"""Methods of promises. A promise is what it resolves to, so there is no value of its own for it."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import Atom, Values, is_nothing, join
from stockade.source import Span

METHODS: Final = frozenset(("then", "catch", "finally"))


def settled(machine: Machine, atom: Atom, name: str, arguments: list[Values], at: Span) -> Values:
    """Call ``then``, ``catch`` or ``finally`` of what resolves to a value; anything else is not known."""
    if name not in METHODS:
        results, functions = machine.handed(f"`{name}`", arguments, at, clients=False)
        return join(results, machine.unknown("it is computed", at, "", functions))
    first = arguments[0] if arguments else ()
    if name == "then":
        out = machine.call(first, (), [(atom,)], at) if not all(map(is_nothing, first)) else (atom,)
        for other in arguments[1:2]:
            out = join(out, _rejected(machine, other, at))
        return out
    if name == "catch":
        return join((atom,), _rejected(machine, first, at))
    machine.call(tuple(one for one in first if not is_nothing(one)), (), [], at)
    return (atom,)


def failed(machine: Machine, name: str, arguments: list[Values], at: Span) -> Values:
    """Call a method of a promise that is only ever rejected."""
    if name == "finally":
        _rejected(machine, arguments[0] if arguments else (), at)
        return ()
    return join(*(_rejected(machine, one, at) for one in arguments[int(name == "then") :][:1]))


def _rejected(machine: Machine, function: Values, at: Span) -> Values:
    out: list[Values] = []

    def run() -> bool:
        called = tuple(one for one in function if not is_nothing(one))
        given = join(machine.unknown("it is an error", at), machine.thrown)
        out.append(machine.call(called, (), [given], at))
        return False

    machine.branches(run, lambda: False)
    return join(*out)
