"""Files that a program loads by a pattern of paths: which they are, and what is taken from each."""

from __future__ import annotations

import re
from typing import Final

from stockade.code.javascript.containers import BY_NAME, CLASS, FUNCTION, provider, register
from stockade.code.javascript.machine import Machine
from stockade.code.javascript.values import (
    ClassValue,
    Closure,
    External,
    Helper,
    Listing,
    Literal,
    Thing,
    Values,
    is_nothing,
    join,
)
from stockade.source import Span

_LOADING: Final = frozenset(("fileLoader", "loadFiles", "loadFilesSync"))
"""Functions of GraphQL's tools that give what the files hold."""

_TAKEN: Final = ("default", "resolvers", "resolver", "schema", "typeDefs", "typeDef")


def called(machine: Machine, external: External, arguments: list[Values], at: Span) -> Values | None:
    """Load files by a pattern; ``None`` where a call has nothing to do with that."""
    if not arguments or external.path[-1:] == () or external.path[-1] not in _LOADING:
        return None
    items: list[Values] = []
    for pattern in _patterns(arguments[0]):
        for _, exports in machine.matching(pattern, at) if pattern else ():
            items.append(_taken(machine, exports, _TAKEN, at))
    if not items:
        _lost(machine, "files that are loaded by a pattern", at)
    return (Listing(at, items, machine.unknown("it may be of another file", at)),)


def modules(machine: Machine, arguments: list[Values], at: Span) -> None:
    """awilix's ``loadModules``: what each file exports is registered under the file's name."""
    options = tuple(one for one in arguments[1] if isinstance(one, Thing)) if len(arguments) > 1 else ()
    styled = machine.get(options, "formatName", at) if options else ()
    where = machine.get(options, "cwd", at) if options else ()
    folder = next((one.value for one in where if isinstance(one, Literal) and isinstance(one.value, str)), "")
    found = 0
    for pattern in _patterns(arguments[0] if arguments else ()):
        whole = f"{folder}/{pattern}" if folder and pattern else pattern
        for path, exports in machine.matching(whole, at) if whole else ():
            name = path.rpartition("/")[2].partition(".")[0]
            if not all(map(is_nothing, styled)):
                name = re.sub(r"[-_ ]+(\w)", lambda one: one[1].upper(), name[:1].lower() + name[1:])
            for one in _taken(machine, exports, ("default",), at):
                if isinstance(one, ClassValue):
                    machine.injectable[id(one)] = BY_NAME
                    register(machine, (Literal(name, at),), provider(CLASS, (one,), at), at, instead=True)
                elif isinstance(one, Closure):
                    made = Helper(FUNCTION, at, BY_NAME, (one,))
                    register(machine, (Literal(name, at),), (made,), at, instead=True)
                found += isinstance(one, ClassValue | Closure)
    if not found:
        _lost(machine, "a container of dependencies", at)


def _taken(machine: Machine, exports: Values, names: tuple[str, ...], at: Span) -> Values:
    """The first of these that a file exports, or all that it does."""
    things = tuple(one for one in exports if isinstance(one, Thing))
    found = (machine.get(things, name, at) for name in names)
    return next((one for one in found if not all(map(is_nothing, one))), exports)


def _lost(machine: Machine, what: str, at: Span) -> None:
    reason = "which files it loads is not followed"
    machine.recorder.unfollowed(what, reason, at, reached=machine.reached)


def _patterns(values: Values) -> list[str]:
    """The patterns that something holds; an empty one where it is not known."""
    out: list[str] = []
    for atom in values:
        match atom:
            case Literal(value=str() as text):
                out.append(text)
            case Listing():
                for one in atom.items:
                    inner = join(*(each.items[0] if isinstance(each, Listing) else (each,) for each in one))
                    out += _patterns(inner)
            case _:
                out.append("")
    return out
