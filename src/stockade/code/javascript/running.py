"""Functions of the source when they run, and which of their runs need not be made once more."""

from __future__ import annotations

from typing import Any, Final

from stockade.code.javascript import containers
from stockade.code.javascript import tree as t
from stockade.code.javascript.recursion import Recursion
from stockade.code.javascript.runs import Run
from stockade.code.javascript.values import (
    Atom,
    Closure,
    Frame,
    Listing,
    Scope,
    Values,
    join,
)
from stockade.source import Span

_TIMES: Final = 120
"""How often one function is run for different arguments."""

_TIMES_PLAIN: Final = 24
"""The same for a function that was not seen to call AWS, itself or by others."""

_TIMES_IDLE: Final = 12
"""The same where nobody was seen to call what calls it."""

_TOLD_APART: Final = 6
"""How many runs are told apart by what they were handed; of more, by how that looks."""

_SAME: Final = 2
"""How often it is run for the same ones: what it changes may have changed in between."""


class Running(Recursion):
    """``Recursion`` with running functions."""

    def apply(self, closure: Closure, this: Values, arguments: list[Values], at: Span) -> Values:
        """Run a function of the source."""
        node = closure.node
        self.ran.add(id(node))
        refused = self.not_run(closure, this, arguments, at)
        if refused is not None:
            return refused
        flags = (self.every, self.reached, self.loading)
        key: Any = (id(closure), this, tuple(arguments), flags)
        found = self.same.get(key)
        if found is not None and not self.local.since(found.began) and self._stands(node, found):
            return found.again(self.now)
        counts = self.counts if self.reached else self.idle
        count = counts.get(id(node), 0) + 1
        alike: Any = None
        if count > 1:
            given: list[Any] | None = None
            if count > _TOLD_APART:
                arguments, given = self.shapes.widened(id(node), arguments, at)
            alike, whole = self._alike(closure, this, arguments, flags, given)
            if alike is not None:
                if count == 2:
                    self._first(node)
                found = self.same.get(alike)
                if found is not None and (whole or not self.local.since(found.began)):
                    if self._stands(node, found):
                        return found.again(self.now)
                if count > _TOLD_APART:
                    key = alike
        times, result = self.keys.get(key, (0, ()))
        if times >= _SAME:
            return result
        calling = id(node) in self.calling
        if count > (_TIMES_IDLE if not self.reached else _TIMES if calling else _TIMES_PLAIN):
            reason = "it is called in too many ways"
            if calling and self.reached:
                self.recorder.unfollowed(f"`{node.name or 'a function'}`", reason, node.at)
            # Of a function that calls nothing one more run matters little; what it gives is not known.
            return join(self.last.get(id(node), ()), self.unknown(reason, at))
        counts[id(node)] = count
        self.now += 1
        run = Run(closure, this, arguments, flags, self.now)
        result = self._run(closure, this, arguments, at)
        self.keys[key] = (times + 1, result)
        self.last[id(node)] = result
        if self._quiet(run) and not node.generator and run.keep(result):
            self.same[key] = run
            if alike is not None:
                self.same[alike] = run
            elif count == 1:
                self.first[id(node)] = run
        return result

    def called_back(self, function: Atom, arguments: list[Values], at: Span) -> Values:
        """What code that is not followed calls: once more where the first time leaves something for the next.

        As with each page of an answer, where the last call hands on what the ones before it collected.
        """
        self.now += 1
        began = self.now
        result = self.run_callback(function, arguments, at)
        if self.kept.again or not (self.local.since(began) or self.changes.since(began)):
            return result
        self.kept.again = True
        try:
            return join(result, self.run_callback(function, arguments, at))
        finally:
            self.kept.again = False

    def _quiet(self, run: Run) -> bool:
        """Whether nothing that was there before was changed since a run began, and all of it was followed."""
        return self.cut < run.began and not self.changes.since(run.began) and not self.local.since(run.began)

    def _alike(
        self,
        closure: Closure,
        this: Values,
        arguments: list[Values],
        flags: tuple[bool, ...],
        given: list[Any] | None = None,
    ) -> tuple[Any, bool]:
        """What tells a call from others of different values; ``None`` where that is too much to be told.

        And whether it says all of what the function sees of other functions' names. ``given`` are the shapes of
        the arguments where they are known already.
        """
        of = self.shapes.of
        if given is None:
            self.shapes.whole = True
            given = [of(one, 3) for one in arguments]
        shapes = (of((closure,), 3), of(this, 3), *given)
        return None if None in shapes else (shapes, flags), self.shapes.whole

    def _first(self, node: t.Function) -> None:
        """Tell a function's first run from others as well: of most functions there is no second one."""
        run = self.first.pop(id(node), None)
        if run is not None and not self.changes.since(run.began) and not self.local.since(run.began):
            alike, _ = self._alike(run.closure, run.this, run.arguments, run.flags)
            if alike is not None:
                self.same[alike] = run

    def _stands(self, node: t.Function, run: Run) -> bool:
        """Whether a function would do once more what it did then: no object or file's name changed since."""
        if self.changes.since(run.began):
            return False
        if id(node) in self.calling:
            self.calling.update(id(one) for one, _ in self.stack)
        return True

    def _run(self, closure: Closure, this: Values, arguments: list[Values], at: Span) -> Values:
        node = closure.node
        scope = Scope(closure.scope, self.now)
        scope.table["(function)"] = node
        frame = Frame(scope, closure.this if closure.this is not None else this, closure.module, closure.home)
        every, depth = self.every, self.depth
        doing = self.left_to_do(closure, this, arguments)
        self.stack.append((node, at))
        self.entered.append((closure, this, self.now))
        given = self.numbers(closure, arguments)
        if given is not None:
            self.counted.append((node, given))
        if doing is not None:
            self.kept.doing.append((node, doing))
        try:
            if not node.arrow:
                all_of_them = Listing(at, arguments)
                all_of_them.born = self.now
                scope.table["arguments"] = (all_of_them,)
            self._parameters(node, arguments, frame, at)
            if isinstance(node.body, t.Block):
                ended = self.run_block(node.body.body, frame)
                if not ended and not frame.returned:
                    frame.returned = self.undefined(at)
            else:
                frame.returned = self.evaluate(node.body, frame)
        finally:
            self.stack.pop()
            self.entered.pop()
            if given is not None:
                self.counted.pop()
            if doing is not None:
                self.kept.doing.pop()
            self.every, self.depth = every, depth
        if node.generator:
            self.set(closure, "(returned)", frame.returned)
            return (Listing(node.at, (), frame.yielded, open=True),)
        return self.typed(frame.returned, node.returns, frame) if node.returns else frame.returned

    def _parameters(self, node: t.Function, arguments: list[Values], frame: Frame, at: Span) -> None:
        for index, parameter in enumerate(node.parameters):
            pattern = parameter.pattern
            if isinstance(pattern, t.Spread):
                rest = Listing(at, arguments[index:])
                rest.born = self.now
                self.bind(pattern.value, (rest,), frame, frame.scope)
                break
            value = arguments[index] if index < len(arguments) else self.undefined(at)
            if parameter.decorators and index >= len(arguments):
                value = containers.asked(self, parameter.decorators, parameter.type, frame) or value
            if parameter.type:
                value = self.typed(value, parameter.type, frame)
            self.bind(pattern, value, frame, frame.scope)
            if parameter.field:
                inner = pattern.pattern if isinstance(pattern, t.DefaultPattern) else pattern
                if isinstance(inner, t.Name):
                    self.put(frame.this, inner.id, frame.scope.table.get(inner.id, value), at)
