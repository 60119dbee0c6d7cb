"""Values by what they hold: what is made anew at each run of a function, and is the same for what follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from stockade.code.javascript import tree as t
from stockade.code.javascript.values import (
    Client,
    Closure,
    Command,
    External,
    Helper,
    Listing,
    Literal,
    Opaque,
    Operation,
    Thing,
    Values,
    Words,
)
from stockade.source import Span

_CAPTURED: Final = 24
"""How many names around a function are looked at; one that sees more is only the same as itself."""

_MANY: Final = 16
"""How many possibilities of a value are looked into."""

_DIFFERENT: Final = 12
"""How many different things one parameter is before it may be anything; so many calls are told apart anyway."""


class Shapes:
    """Says what tells values apart. ``None`` stands for what is too deep, or too much, to be told."""

    def __init__(self) -> None:
        self.whole = True  # whether no function was told by itself instead of by the names it sees
        self._mentioned: dict[int, tuple[str, ...]] = {}
        self._given: dict[int, list[set[Any]]] = {}
        self._untold: dict[tuple[int, int], str] = {}  # by where an object is made: the member too deep to tell

    def widened(self, function: int, arguments: list[Values], at: Span) -> tuple[list[Values], list[Any]]:
        """A function's arguments, of which those that differ from call to call may be anything; their shapes.

        What could do something by itself (functions, clients, commands) stays what it is.
        """
        given = self._given.setdefault(function, [])
        given += (set() for _ in range(len(arguments) - len(given)))
        self.whole = True
        out: list[Values] = []
        shapes: list[Any] = []
        for values, before in zip(arguments, given, strict=False):
            shape = self.of(values, 3)
            shapes.append(shape)
            if shape in before or (shape is not None and len(before) < _DIFFERENT):
                before.add(shape)
                out.append(values)
            elif len(before) < _DIFFERENT:
                before.add(tuple(map(id, values)))
                out.append(values)
            else:
                kept = tuple(atom for atom in values if not _plain(atom, 3))
                anything = Opaque("it differs from call to call", at)
                if len(kept) < len(values):
                    out.append((*kept, anything))
                    shapes[-1] = self.of(out[-1], 3)
                else:
                    out.append(values)
        return out, shapes

    def of(self, values: Values, depth: int) -> Any:
        """The shape of a value, objects and lists looked into to some depth; of many only which they are."""
        if len(values) > _MANY:
            self.whole = False
            return tuple(map(id, values))
        out: list[Any] = []
        for atom in values:
            match atom:
                case Thing() if atom.of is None and not (atom.base or atom.getters or atom.setters):
                    inner = self._table(atom, depth) if depth else None
                    if inner is None:
                        return None
                    out.append((inner, atom.open))
                case Listing():
                    if not depth:
                        return None
                    listed: list[Any] = []
                    for one in (*atom.items, atom.rest):
                        listed.append(self.of(one, depth - 1))
                        if listed[-1] is None:
                            return None
                    out.append((tuple(listed), atom.open))
                case Command():
                    inside = self.of(atom.input, depth - 1) if depth else None
                    if inside is None:
                        return None
                    out.append((atom.service, atom.operation, atom.at, inside))
                case Closure():
                    captured = self._closure(atom, depth)
                    if captured is None:
                        self.whole = False
                    out.append(id(atom) if captured is None else captured)
                case Words() | Literal() | Opaque() | External() | Client() | Operation() | Helper():
                    out.append(atom)
                case _:
                    out.append(id(atom))
        return tuple(out)

    def _table(self, thing: Thing, depth: int) -> tuple[Any, ...] | None:
        """An object by its members. What kept the last one that was made there from being told is asked first:
        large objects that functions hand to one another are not gone through at every call."""
        table = thing.table
        made = (id(thing.at), depth)
        last = self._untold.get(made)
        if last is not None and last in table and self.of(table[last], depth - 1) is None:
            return None
        out: list[Any] = []
        for name, value in table.items():
            shape = self.of(value, depth - 1)
            if shape is None:
                self._untold[made] = name
                return None
            out.append((name, shape))
        return tuple(out)

    def _closure(self, closure: Closure, depth: int) -> Any:
        """A function by what is written, and by what it mentions of other functions' runs."""
        if not depth or closure.table:
            return None
        seen: list[Any] = [id(closure.node), None if closure.this is None else self.of(closure.this, depth - 1)]
        if closure.this is not None and seen[1] is None:
            return None
        # What stands around a function of a file's top level is no name of another run.
        for name in self.mentioned(closure.node) if closure.scope.local else ():
            scope = closure.scope.find(name)
            if scope is None or not scope.local:
                continue
            value = scope.table[name]
            shape = self.of(value, depth - 1) if isinstance(value, tuple) else value
            if shape is None or len(seen) > _CAPTURED:
                return None
            seen.append((name, shape))
        return tuple(seen)

    def around(self, closure: Closure) -> Iterator[Values]:
        """What a function mentions of the names of other functions' runs."""
        for name in self.mentioned(closure.node) if closure.scope.local else ():
            scope = closure.scope.find(name)
            if scope is not None and scope.local and isinstance(scope.table[name], tuple):
                yield scope.table[name]

    def captures(self, closure: Closure) -> bool:
        """Whether a function mentions another one that only this run of what made it was handed."""
        return any(isinstance(atom, Closure) for values in self.around(closure) for atom in values)

    def mentioned(self, node: t.Function) -> tuple[str, ...]:
        """The names in a function."""
        found = self._mentioned.get(id(node))
        if found is None:
            found = self._mentioned[id(node)] = tuple(dict.fromkeys(_mentioned(node)))
        return found


def _plain(atom: Any, depth: int) -> bool:
    """Whether there is nothing in it that could do something."""
    match atom:
        case Literal() | Words():
            return True
        case Opaque(kind=kind, wraps=wraps):
            return not kind and not wraps
        case Thing() if (
            atom.of is None and not atom.base and not atom.getters and not atom.setters and not atom.stars
        ):
            inside: tuple[Any, ...] = tuple(atom.table.values())
        case Listing():
            inside = (*atom.items, atom.rest)
        case _:
            return False
    return depth > 0 and all(
        isinstance(values, tuple) and all(_plain(one, depth - 1) for one in values) for values in inside
    )


def _mentioned(node: object) -> Iterator[str]:
    """The names in a piece of source."""
    waiting: list[Any] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting += one
        elif isinstance(one, t.Name):
            yield one.id
        elif isinstance(one, t.Node):
            kind: type = type(one)  # of a class with eq of its own mypy doubts that it is hashable
            waiting += [getattr(one, name) for name in t.parts(kind)]
