"""``Proxy``: objects that are asked by the functions of another one."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import (
    Atom,
    Bound,
    Closure,
    Listing,
    Literal,
    Thing,
    Values,
    join,
)
from stockade.source import Span

KIND: Final = "proxy"
_TARGET: Final = "(target)"
_HANDLER: Final = "(handler)"
_TRAPS: Final = ("get", "apply", "construct")


def made(machine: Machine, target: Values, handler: Values, at: Span) -> Values:
    """``new Proxy(target, handler)``, beside what it stands for: that is what code that asks no member gets."""
    if not any(_trap(machine, handler, name, at) for name in _TRAPS):
        return join(target, machine.handed("`Proxy`", [handler], at)[0])
    proxy = Thing(at, kind=KIND)
    proxy.born = machine.now
    machine.proxied = True
    proxy.table.update({_TARGET: target, _HANDLER: handler})
    return join((proxy,), target)


def alone(machine: Machine, values: Values) -> Values:
    """Values of which those that a proxy stands for are left out."""
    if not machine.proxied:
        return values
    proxies = [one for one in values if isinstance(one, Thing) and one.kind == KIND]
    hidden = {id(one) for proxy in proxies for one in proxy.table[_TARGET]}
    return tuple(one for one in values if id(one) not in hidden) if proxies else values


def member(machine: Machine, proxy: Thing, key: Values, at: Span) -> Values:
    """A member of a proxy."""
    target, handler = proxy.table[_TARGET], proxy.table[_HANDLER]
    trap = _trap(machine, handler, "get", at)
    if trap:
        return machine.call(trap, handler, [target, key, (proxy,)], at)
    names = [str(one.value) for one in key if isinstance(one, Literal)]
    if len(names) == len(key):
        return join(*(machine.get(target, name, at) for name in names))
    return machine.any_of(target, at)


def called(
    machine: Machine, proxy: Thing, name: str, this: Values, arguments: list[Values], at: Span
) -> Values:
    """A proxy is called (``apply``), or an object of it is made (``construct``)."""
    target, handler = proxy.table[_TARGET], proxy.table[_HANDLER]
    trap = _trap(machine, handler, name, at)
    given: Values = (Listing(at, arguments),)
    if trap:
        return machine.call(trap, handler, [target, this, given] if name == "apply" else [target, given], at)
    if name == "apply":
        return machine.call(target, this, arguments, at)
    return machine.construct(target, arguments, at)


def is_one(atom: Atom) -> bool:
    return isinstance(atom, Thing) and atom.kind == KIND


def _trap(machine: Machine, handler: Values, name: str, at: Span) -> Values:
    found = machine.get(tuple(one for one in handler if isinstance(one, Thing)), name, at)
    return tuple(one for one in found if isinstance(one, Closure | Bound))
