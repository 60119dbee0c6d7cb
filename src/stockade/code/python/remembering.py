"""Runs of functions that need not be made once more: what each gave stands for another that would do the same.

A run looks at what it is handed, at the names around its function, and at what everybody can get at (modules,
classes and what they hold). It stands for a later one that is handed what looks the same, while none of that
changed. What it gave is then made anew, for what a function makes at each call is another object each time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from stockade.code.python.classes import Classes
from stockade.code.python.names import Names
from stockade.code.python.runs import INSIDE, Copy, Holder, Looks, Lost, around, held, pattern, share
from stockade.code.python.values import Abstract, Arguments, Function, Instance
from stockade.records import dataclass

NEVER: Final = 1 << 30

MOST: Final = 24
"""How many objects are made anew of what a run made; of more than that there is one for all who get them."""


@dataclass(slots=True, eq=False)
class Run:
    """One run of a function, or of what a class does to make an object.

    ``began`` is the time at which it did, as ``Machine.now`` counts. ``low`` says how deep the outermost run
    stands that had not ended when this one asked for its result, which it knows only in part; ``NEVER`` where
    there is none. ``whole`` is false where it changed something that was there before it, and while it is not
    over. ``fresh`` are the objects in ``result`` that it made, ``apart`` says that nobody else has them;
    ``handed`` are those that it was handed, if there are any in ``result``. While ``making`` an object it is
    given itself where it would make another one in the same way.
    """

    function: Function
    arguments: Arguments
    began: int
    result: Abstract
    low: int = NEVER
    whole: bool = False
    fresh: frozenset[int] = frozenset()
    apart: bool = False
    handed: list[Holder] | None = None
    ended: int = 0
    making: bool = False


class Remembering(Classes):
    """Classes as objects, and runs that are remembered."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self._runs: dict[Any, Run] = {}
        self._running: list[int] = []
        self._low = NEVER  # how deep the outermost function stands that is running and was asked for its result

    def once(
        self,
        function: Function,
        arguments: Arguments,
        what: int,
        otherwise: Abstract,
        look: Callable[[], tuple[Abstract, bool]],
    ) -> Abstract:
        """What a function gives. ``look`` runs it, and says whether it did.

        ``what`` tells what is run by identity, ``otherwise`` is what it gives to itself.
        """
        looks = Looks()
        closure = function.closure
        if closure is not None and closure.names is not function.module.globals and any(around(closure)):
            looks.whole = False  # what it sees of the names around it is no part of the key
        key = (
            what,
            looks.of(arguments),
            self.reached,
            self.every,
            self.certain,
        )
        run = self._runs.get(key)
        if run is not None:
            known = self._known(run, function, arguments, looks.whole)
            if known is not None:
                self._low = min(self._low, run.low)
                return known
        depth = len(self._running)
        # What it is handed is kept with it, for the identities in its key to stay their own.
        run = Run(function, arguments, self.now, otherwise, depth, making=isinstance(otherwise, Instance))
        before = self._runs.get(key)
        self._runs[key] = run
        low, self._low = self._low, NEVER
        try:
            found, ran = look()
        finally:
            run.low = self._low if self._low < depth else NEVER
            self._low = min(low, run.low)
        if ran:
            self._remembered_run(run, found)
        elif before is not None:
            self._runs[key] = before
        else:
            del self._runs[key]
        return found

    def waits(self, depth: int) -> None:
        """What runs was not given all that a running function gives, which stands so deep."""
        self._low = min(self._low, depth)

    def _remembered_run(self, run: Run, found: Abstract) -> None:
        """Keep what a run gave, and whether it may stand for another one after something else changed."""
        run.result, run.ended, run.making = found, self.now, False
        if run.function.cached:
            share((found,))
        if run.low != NEVER or self.lent > run.began or (self.common > run.began and not run.function.cached):
            return
        inside: list[Holder | None] = []
        if type(found) in INSIDE:
            inside += [one for one in held((found,)) if not isinstance(one, Names)]
        given = set()
        if inside or self.now != run.began:
            for one in held((run.function, run.arguments)):
                if one is None or one.changed > run.began:
                    return
                given.add(id(one))
        fresh = []
        for one in inside:
            if one is None:
                run.whole = not given  # one for all who get it, where none of it is somebody's
                return
            if id(one) in given:
                run.handed = run.handed or []
            else:
                fresh.append(id(one))
        if len(fresh) > MOST:
            run.whole = run.handed is None
            return
        run.fresh, run.whole = frozenset(fresh), True
        if fresh:
            copy = Copy(run.fresh)
            try:
                run.result = copy.of(found)
            except Lost:
                return  # a function with its names, say: who gets it anew gets the same one
            run.fresh, run.apart = frozenset([id(copy.made[one]) for one in run.fresh]), True
        if run.handed is not None:
            try:
                pattern(run.arguments, run.handed)
            except Lost:
                run.whole = False

    def _known(self, run: Run, function: Function, arguments: Arguments, told: bool) -> Abstract | None:
        """What a run would give once more; ``None`` where that has to be seen."""
        if function.cached and run.whole and told:
            return run.result  # the very same, whatever became of it
        if self.common > run.began or not (run.whole or run.making):
            return run.result if run.began == self.now and not run.whole else None
        if not told and run.began != self.now:
            for one in held((function, arguments)):
                if one is None or one.changed > run.began:
                    return None
            if run.whole:
                run.began = self.now  # it would do now what it did then
        if run.making or (not run.fresh and run.handed is None):
            return run.result
        if not run.apart:
            for one in held((run.result,)):
                if one is None or (id(one) in run.fresh and one.changed > run.ended):
                    return None
            if run.handed is None:
                return run.result
        copy = Copy(run.fresh)
        try:
            if run.handed is not None:
                if not told and arguments is not run.arguments:
                    return None
                mine: list[Holder] = []
                pattern(arguments, mine)
                if len(mine) != len(run.handed):
                    return None
                copy.made.update((id(old), new) for old, new in zip(run.handed, mine, strict=True))
            found: Abstract = copy.of(run.result)
        except Lost:
            return None
        return found
