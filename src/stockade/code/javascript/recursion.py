"""Functions that run within themselves: how far they are followed, and what becomes of what is left."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any, Final

from stockade.code.javascript.annotations import Annotations
from stockade.code.javascript.inherited import methods_of
from stockade.code.javascript.machine import DEEP, Left
from stockade.code.javascript.values import (
    Bound,
    ClassValue,
    Client,
    Closure,
    Command,
    External,
    Listing,
    Literal,
    Operation,
    Thing,
    Values,
)
from stockade.source import Span

_COUNTED: Final = 12
"""How often a function runs within itself where each run gets something else to do."""

_LISTED: Final = 40
"""The same where what it gets is a list that is known, which ends."""

_SPARE: Final = 6
"""How many calls within one another are left to what such a run calls by itself."""

_LOOKED_INTO: Final = 16
"""How many possibilities and elements tell one such run from another."""


class Recursion(Annotations):
    """``Annotations`` with the limits of recursion."""

    def not_run(self, closure: Closure, this: Values, arguments: list[Values], at: Span) -> Values | None:
        """What stands for a run that is not made: of a function within itself once more, or too deep."""
        node = closure.node
        if (
            sum(1 for one, _ in self.stack if one is node) > 1
            and not self._counts(closure, arguments)
            and not self._composed(closure, this)
            and not self._goes_on(closure, this, arguments)
        ):
            self.cut = self.now  # whoever called it knows only a part of what it gives
            self._left(closure, arguments, at)
            return ()
        if len(self.stack) < DEEP:
            return None
        self.cut = self.now
        self._left(closure, arguments, at)
        reason = "its calls are nested too deeply"
        self.recorder.unfollowed(f"`{node.name or 'a function'}`", reason, node.at, reached=self.reached)
        return self.unknown(reason, at)

    def _composed(self, closure: Closure, this: Values) -> bool:
        """Whether it is one of several that were made before any of them began, as middlewares are.

        Functions that one function made, or one method of several objects.
        """
        running = [one for one in self.entered if one[0].node is closure.node]
        first = running[0][2]
        if len(running) >= _COUNTED:
            return False
        if closure.this is None and len(this) == 1 and isinstance(this[0], Thing):
            return this[0].born < first and all(this != others for _, others, _ in running)
        scopes = {id(one.scope) for one, _, _ in running}
        return id(closure.scope) not in scopes and closure.scope.born < first

    def _counts(self, closure: Closure, arguments: list[Values]) -> bool:
        """Whether a function within itself is at another number each time, as one that goes through a list."""
        given = self.numbers(closure, arguments)
        running = [one for inner, one in self.counted if inner is closure.node]
        return given is not None and given not in running and len(running) < _COUNTED

    def numbers(self, closure: Closure, arguments: list[Values]) -> tuple[Any, ...] | None:
        """Arguments that are all written or counted; the function itself where it has none inside of such.

        Or those that are functions or classes, as where each step gives the next one.
        """
        if not arguments and self.counted:
            return (closure,)  # `() => dispatch(index + 1)`
        arguments = arguments[: len(closure.node.parameters)] or arguments  # callbacks get more than they take
        only = [one[0] for one in arguments if len(one) == 1]
        steps = tuple(one.node for one in only if isinstance(one, Closure | ClassValue))
        if steps:
            return steps
        found = [one.value for one in only if isinstance(one, Literal)]
        return tuple(found) if found and len(found) == len(arguments) else None

    # ------------------------------------------------------------------------- what is left to do

    def left_to_do(self, closure: Closure, this: Values, arguments: list[Values]) -> Any:
        """What tells a run of a function within itself from others: what it is handed, and sees of other runs,
        that is written or can do something. ``None`` for one that is not within itself."""
        if not any(one is closure.node for one, _ in self.stack):
            return None
        given = arguments[: len(closure.node.parameters)] or arguments
        said = [self._said(one, 3) for one in given]
        state = [
            (name, self._said(values, 0))
            for one in this
            if isinstance(one, Thing)
            for name, values in one.table.items()
            if values and isinstance(values[0], Literal)
        ]
        return (tuple(said), self._said((closure,), 3), tuple(state))

    def _goes_on(self, closure: Closure, this: Values, arguments: list[Values]) -> bool:
        """Whether a run would get something else to do than those that are running: the rest of a list, another
        function to call afterwards, the next state."""
        if len(self.stack) >= DEEP - _SPARE:
            return False
        running = [one for inner, one in self.kept.doing if inner is closure.node]
        bound = _LISTED if any(map(_is_list, arguments)) else _COUNTED
        return len(running) < bound and self.left_to_do(closure, this, arguments) not in running

    def _said(self, values: Values, depth: int) -> Any:
        out: list[Any] = []
        for atom in values[:_LOOKED_INTO]:
            match atom:
                case Literal(value=str() | int() as value):
                    out.append(value)
                case Closure():
                    out.append((id(atom.node), self._seen(atom, depth - 1) if depth else ()))
                case ClassValue(node=node):
                    out.append(id(node))
                case Bound():
                    out.append(self._said((atom.target, *atom.this), depth - 1) if depth else id(atom.target))
                case Listing():
                    out.append((atom.open, len(atom.items)))
                    if depth:
                        items = (*atom.items[:_LOOKED_INTO], atom.rest)
                        out.append(tuple(self._said(one, depth - 1) for one in items))
                case Thing(of=ClassValue(node=node)):
                    out.append(id(node))
                case Thing():
                    out.append((atom.at.path, atom.at.start))
                    if depth:
                        inner = (one for one in atom.table.values() if isinstance(one, tuple))
                        out.append(tuple(self._said(one, depth - 1) for one in inner))
                case Command():
                    out.append((atom.service, atom.operation))
                case Client() | Operation() | External():
                    out.append(atom)
        return tuple(out)

    def _seen(self, closure: Closure, depth: int) -> Any:
        return tuple(self._said(values, depth) for values in self.shapes.around(closure))

    # ---------------------------------------------------------------------- where it is not followed

    def _left(self, closure: Closure, arguments: list[Values], at: Span) -> None:
        """A run that is not made may have called what it was handed: `call_left_over` looks at that."""
        if not self.reached:
            return
        reason = "it is handed on by a function that calls itself, which is not followed so far"
        for one in (atom for values in (*arguments, *self.shapes.around(closure)) for atom in values):
            for held in _held(one, 2) if isinstance(one, Listing | Closure) else ():
                if isinstance(held, Closure):
                    self.kept.left_over.setdefault(id(held.node), Left(held, at, True, reason))
                for method in _methods(held):
                    self.kept.left_over.setdefault(id(method.node), Left(method, at, False, reason))

    def call_left_over(self) -> None:
        """Functions that somebody was handed, and that nobody else has called, are called."""
        for left in [*self.kept.left_over.values()]:
            closure, home = left.closure, left.closure.home
            if left.called and id(closure.node) not in self.ran:
                this = self.instance(home, left.at) if home is not None and not closure.node.arrow else ()
                self.waiting.append((closure, this, left.at))

    def tell_left_over(self, ran: Set[int]) -> None:
        """Tell of functions that call AWS and had not run, where somebody may call them."""
        for node, left in self.kept.left_over.items():
            if node not in ran and node in self.calling:
                name = left.closure.node.name
                self.recorder.unfollowed(f"`{name}`" if name else "a function", left.reason, left.at)


def _is_list(values: Values) -> bool:
    return len(values) == 1 and isinstance(values[0], Listing) and not values[0].open


def _held(atom: Any, depth: int) -> Iterator[Any]:
    """What is in a list, and in lists in it."""
    if isinstance(atom, Listing) and depth:
        for one in (inner for values in (*atom.items, atom.rest) for inner in values):
            yield from _held(one, depth - 1)
    else:
        yield atom


def _methods(held: Any) -> list[Closure]:
    """The functions that an object of the source has."""
    if not isinstance(held, Thing):
        return []
    own = [one for values in held.table.values() for one in values if isinstance(one, Closure)]
    return own + methods_of(held.of)
