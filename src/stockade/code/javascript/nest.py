"""Nest's configuration: a service that gives what the environment holds, or what a program registers."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import Environment, External, Helper, Literal, Values, join
from stockade.patterns import lazy_regex
from stockade.source import Span

SERVICE: Final = "ConfigService"
_PACKAGE: Final = "@nestjs/config"
_VARIABLE: Final = lazy_regex(r"[A-Z][A-Z0-9_]*$")


def promised(external: External, at: Span) -> Values:
    """The service, where a type names it."""
    if (external.module, external.path) == (_PACKAGE, (SERVICE,)):
        return (Helper(SERVICE, at),)
    return ()


def register(machine: Machine, external: External, arguments: list[Values]) -> None:
    """Keep what a program registers under a name."""
    if (external.module, external.path) == (_PACKAGE, ("registerAs",)) and len(arguments) > 1:
        for atom in arguments[0]:
            if isinstance(atom, Literal) and isinstance(atom.value, str):
                machine.configured[atom.value] = join(machine.configured.get(atom.value, ()), arguments[1])


def asked(machine: Machine, name: str, arguments: list[Values], at: Span) -> Values:
    """Call a method of the service."""
    out: list[Values] = []
    for atom in arguments[0] if arguments and name in ("get", "getOrThrow") else ():
        key = atom.value if isinstance(atom, Literal) else None
        if not isinstance(key, str):
            continue
        first, *rest = key.split(".")
        if first in machine.configured:
            found = machine.call(machine.configured[first], (), [], at)
            for one in rest:
                found = machine.get(found, one, at)
            out.append(found)
        elif _VARIABLE.match(key):
            out.append(machine.get((Environment(),), key, at))
    return join(*out) or machine.unknown("it is of the configuration", at)
