"""What functions have of their own: ``bind``, ``call`` and ``apply``."""

from __future__ import annotations

from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import (
    Bound,
    Closure,
    External,
    Listing,
    Native,
    Operation,
    Values,
    is_nothing,
    join,
)
from stockade.source import Span


def method(
    machine: Machine,
    atom: Closure | Native | Bound | Operation | External,
    name: str,
    arguments: list[Values],
    at: Span,
) -> Values:
    """``bind``, ``call`` and ``apply``."""
    this = arguments[0] if arguments else ()
    if name != "bind" and isinstance(atom, External) and atom.path[:2] == ("Array", "prototype"):
        given = arguments[1:]
        if name == "apply":
            given = [item for one in join(*given) if isinstance(one, Listing) for item in one.items]
        return machine.invoke(this, atom.path[-1], given, at)
    match name:
        case "bind":
            return (Bound(atom, this, tuple(arguments[1:])),)
        case "call":
            return machine.call((atom,), this, arguments[1:], at)
        case "apply":
            given = []
            for one in join(*arguments[1:2]):
                if isinstance(one, Listing):
                    given += [*one.items, one.any()] if one.open else one.items
                elif not is_nothing(one):
                    given.append(machine.unknown("it is one of several arguments", at))
            return machine.call((atom,), this, given, at)
        case "promise":
            return machine.call((atom,), this, arguments, at)
        case _:
            results, _functions = machine.handed(f"`{name}`", arguments, at)
            return join(results, machine.unknown("it is computed", at))
