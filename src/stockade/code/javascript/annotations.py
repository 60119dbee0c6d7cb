"""What a type annotation says of a value of which nothing else is known: a client, an object of a class."""

from __future__ import annotations

from typing import Final

from stockade.code.javascript import nest, wiring
from stockade.code.javascript import tree as t
from stockade.code.javascript.execution import Execution
from stockade.code.javascript.sdk import annotated
from stockade.code.javascript.values import (
    ClassValue,
    External,
    Frame,
    Opaque,
    Scope,
    Thing,
    TypeValue,
    Values,
    is_nothing,
    join,
)
from stockade.source import Span

_IMPLEMENTERS: Final = 4
"""How many classes an interface may stand for."""


class Annotations(Execution):
    """``Execution`` with types."""

    def typed(self, value: Values, names: t.TypeName, frame: Frame) -> Values:
        if not names or not all(
            (isinstance(atom, Opaque) and not atom.wraps) or is_nothing(atom) for atom in value
        ):
            return value
        if value and all(map(is_nothing, value)):
            # What is declared and not set yet: it will be, somewhere that is seen.
            return value
        found = join(*(self._of_type(name, frame.scope, value, 0) for name in names))
        return found or value

    def _of_type(self, name: str, scope: Scope, value: Values, depth: int) -> Values:
        if depth > 3:
            return ()
        at = value[0].at if value and isinstance(value[0], Opaque) else None
        first, *path = name.removeprefix("typeof ").split(".")
        holder = scope.find(first)
        if holder is None or at is None:
            return ()
        out: list[Values] = []
        found = self.resolved(holder.table[first])
        for part in path:
            found = self.get(found, part, at)
        for atom in found:
            match atom:
                case External():
                    out.append(
                        (atom,)
                        if name.startswith("typeof ")
                        else annotated(atom, at) or nest.promised(atom, at) or wiring.promised(atom, at)
                    )
                case ClassValue():
                    out.append(self.instance(atom, at))
                case TypeValue(node=node):
                    out.append(self._implementers(node.name, at))
                    for one in node.names:
                        out.append(self._of_type(one, atom.scope, value, depth + 1))
                    out.append(self._members(atom, value, at, depth))
        return join(*out)

    def _implementers(self, name: str, at: Span) -> Values:
        found = [one for one in self.classes if name in one.node.implements]
        return join(*(self.instance(one, at) for one in found[:_IMPLEMENTERS]))

    def _members(self, type: TypeValue, value: Values, at: Span, depth: int) -> Values:
        made = Thing(at, open=True)
        for name, names in type.node.members:
            inner = join(*(self._of_type(one, type.scope, value, depth + 1) for one in names))
            if inner:
                made.table[name] = inner
        return (made,) if made.table else ()
