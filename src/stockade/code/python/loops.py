"""What runs or does not, or any number of times: branches are joined, rows of a table met one by one."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from stockade.code.python.discovery import Discovery
from stockade.code.python.judgement import DOING, SIFTED, breaks, grown, telling, truth
from stockade.code.python.rows import ROWS, rows
from stockade.code.python.values import Abstract, Array, Data, Dict, Frame, Site, join, options
from stockade.value import Known

UNROLLED: Final = 8
"""A loop over a list of so few known things meets them one after another, otherwise all of them at once."""

TURNS: Final = 8
"""How often the body of a loop is looked at where each time leads to something that was not there before."""


WIDTH: Final = 64
"""Into how many ways rows lead that are met one by one, inside of one another."""


class Loops(Discovery):
    """Runs branches and loops. ``width`` is how many ways there are at the moment, of which this is one."""

    width = 1

    @abstractmethod
    def assign(self, target: ast.expr, value: Abstract, frame: Frame) -> None:
        """Bind a target of any form."""

    # ----------------------------------------------------------------------------------------- branches

    def _branches(self, frame: Frame, *bodies: Callable[[], bool]) -> bool:
        """Run each from the same names, and go on with what any of them left."""
        before = dict(frame.names)
        ends: list[dict[str, Abstract]] = []
        for at, body in enumerate(bodies):
            if at:
                self.settle(frame, before)
            if body():
                ends.append(dict(frame.names))
        if not ends:
            return False
        self._merge(frame, ends)
        return True

    def _merge(self, frame: Frame, ends: list[dict[str, Abstract]]) -> None:
        names = dict(ends[0])
        for end in ends[1:]:
            for name, value in end.items():
                here = names.get(name)
                if here is not value:
                    names[name] = value if here is None else join(here, value)
        self.settle(frame, names)

    # -------------------------------------------------------------------------------------------- loops

    def _loop(self, frame: Frame, once: Callable[[], bool], loop: ast.For | ast.AsyncFor | ast.While) -> bool:
        """A body that runs any number of times: twice, where the first time made something that acts.

        What goes from one state to the next, by names of texts or of functions, has as many as it has states.
        """
        left, frame.left = frame.left, []
        before = dict(frame.names)
        for turn in range(TURNS):
            start, states = dict(frame.names), self.states
            alive = once()
            ends = [start, *frame.left, *([dict(frame.names)] if alive else [])]
            frame.left = []
            self._merge(frame, ends)
            if (
                not any(
                    isinstance(value, DOING) and name in before and before[name] is not value
                    for name, value in frame.names.items()
                )
                and states == self.states
            ):
                break
            if turn and states == self.states and not grown(before, frame.names):
                break
            before = dict(frame.names)
        frame.left = left
        return self._afterwards(frame, loop)

    def _afterwards(self, frame: Frame, loop: ast.For | ast.AsyncFor | ast.While) -> bool:
        """A loop's ``else``, which does not run where a ``break`` left the loop."""
        if not loop.orelse or not breaks(loop.body):
            return self.execute(loop.orelse, frame)
        return self._branches(frame, lambda: True, lambda: self.execute(loop.orelse, frame))

    def _for(self, node: ast.For | ast.AsyncFor, frame: Frame) -> bool:
        value = self.evaluate(node.iter, frame)
        site = frame.module.site(node.iter)
        arrays = [one for one in options(value) if isinstance(one, Array)]
        whole = len(arrays) == len(options(value))
        apart = self.apart([item for one in arrays for item in one.items] if whole else ())
        several: list[Abstract] | None = None
        if isinstance(value, Array) and not value.open and len(value.items) <= (ROWS if apart else UNROLLED):
            several = value.items
        elif isinstance(value, Dict) and not value.open and not value.others and len(value.items) <= UNROLLED:
            several = [Data(Known(key, site.origin)) for key in value.items]
        if several is not None and any(telling(one) for one in several):
            left, frame.left = frame.left, []
            alive = True
            for one in several:
                self.assign(node.target, one, frame)
                alive = self.execute(node.body, frame)
                if not alive and not frame.left:
                    break
                if not alive:
                    self._merge(frame, [*frame.left])
                    alive = True
            frame.left = left
            return self._afterwards(frame, node) and (alive or not several)
        element = self.elements(site, value)

        apart = apart or self.apart((element,))

        def met(one: Abstract) -> Callable[[], bool]:
            def once() -> bool:
                self.assign(node.target, one, frame)
                return self.execute(node.body, frame)

            return once

        def any_of_them() -> bool:
            with self.wider(len(apart)):
                return self._branches(frame, *map(met, apart))

        return self._loop(frame, any_of_them if apart else met(element), node)

    def generated(
        self,
        site: Site,
        generators: list[ast.comprehension],
        inner: Frame,
        around: Frame,
        taken: Callable[[], None],
    ) -> bool:
        """Run the ``for`` parts of a comprehension, one inside of another; whether what is made is open.

        ``around`` is where the first looks for what it goes through.
        """
        if not generators:
            taken()
            return False
        first, *rest = generators
        value = self.evaluate(first.iter, around)
        known = value.items if isinstance(value, Array) else []
        apart = self.apart(known or (self.elements(site, value),))
        most = SIFTED if first.ifs or apart else UNROLLED
        whole = isinstance(value, Array) and not value.open and len(known) <= most
        whole = whole and self.width * len(known) <= WIDTH
        open_ = not whole or bool(first.ifs)
        met = known if whole else apart or (self.elements(site, value),)
        for one in met:
            self.assign(first.target, one, inner)
            if any(truth(self.evaluate(condition, inner)) is False for condition in first.ifs):
                continue
            with self.wider(len(met)):
                open_ = self.generated(site, rest, inner, inner, taken) or open_
        return open_

    # --------------------------------------------------------------------------------------------- rows

    def apart(self, values: Iterable[Abstract]) -> tuple[Abstract, ...]:
        """The rows among some values, of which each is met by itself; none where there are too many ways."""
        found = rows(values, self.services)
        return found if self.width * len(found) <= WIDTH else ()

    @contextmanager
    def wider(self, many: int) -> Iterator[None]:
        """Go so many ways."""
        before, self.width = self.width, self.width * max(many, 1)
        try:
            yield
        finally:
            self.width = before

    def named_apart(self, node: ast.Assign, value: Abstract, frame: Frame) -> tuple[Abstract, ...]:
        """The rows of which names in a function may be one."""
        own = frame.function is not None and all(isinstance(one, ast.Name | ast.Tuple) for one in node.targets)
        return self.apart((value,)) if own else ()

    def split(self, node: ast.Assign, rest: list[ast.stmt], apart: Sequence[Abstract], frame: Frame) -> bool:
        """Run what follows ``name = row`` once for each row that it may be."""

        def met(one: Abstract) -> Callable[[], bool]:
            def run() -> bool:
                for target in node.targets:
                    self.assign(target, one, frame)
                return self.execute(rest, frame)

            return run

        with self.wider(len(apart)):
            return self._branches(frame, *map(met, apart))

    def _while(self, node: ast.While, frame: Frame) -> bool:
        forever = isinstance(node.test, ast.Constant) and bool(node.test.value)

        def once() -> bool:
            self.evaluate(node.test, frame)
            return self.execute(node.body, frame)

        self._loop(frame, once, node)
        return not forever or breaks(node.body) or bool(frame.yielded)

    def _leave(self, node: ast.stmt, frame: Frame) -> bool:
        frame.left.append(dict(frame.names))
        return False
