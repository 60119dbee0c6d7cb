"""A first look for a request that is new: an action that nothing on the other side is about at all.

Two policies that have little to do with one another differ in a whole action, and no class of anything has
to be looked at to see it. What comes of this are guesses, for ``decide`` to confirm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice, product
from typing import Any, Final

from stockade.errors import BudgetExceeded
from stockade.iam import usual
from stockade.iam.automaton import Budget
from stockade.iam.callers import DERIVED
from stockade.iam.catalog import Action, Catalog
from stockade.iam.clauses import TestLiteral, is_sure
from stockade.iam.compiled import Compiled
from stockade.iam.keys import rows_of
from stockade.iam.policies import Policies
from stockade.iam.request import Request

_MOST_GUESSES: Final = 4
_MOST_NAMES: Final = 2_000
"""Names of actions that are looked at before it is left to the search."""
_STEPS: Final = 2_000
"""Steps that finding values for one condition key may take."""


def requests(new: Policies, old: Policies) -> Iterator[Request]:
    """Requests for AWS's own actions that ``new`` may allow and of which no statement of ``old`` speaks."""
    if new.unknown or old.unknown:
        return
    spoken_of = _SpokenOf(old)
    if spoken_of.everything:
        return
    plain: list[Compiled] = []
    conditional: list[Compiled] = []
    for one in new.statements:
        if one.allows and not (one.not_action or one.not_resource) and one.source.principals is None:
            (conditional if one.source.conditions else plain).append(one)
    try:
        yield from islice(_guesses(new, (*plain, *conditional), spoken_of), _MOST_GUESSES)
    except BudgetExceeded:
        return


class _SpokenOf:
    """The actions that statements which do not deny are about, all at once."""

    def __init__(self, policies: Policies) -> None:
        self._exact: set[str] = set()
        self._prefixes: dict[str, tuple[str, ...]] = {}
        self._others: list[Compiled] = []
        for one in policies.statements:
            if one.allows is False:
                continue
            ready = one.actions.ready
            if one.not_action or ready.others or not one.actions.is_plain:
                self._others.append(one)
                continue
            self._exact |= ready.exact
            for prefix in ready.prefixes:
                service, colon, _ = prefix.partition(":")
                key = service if colon else ""
                self._prefixes[key] = (*self._prefixes.get(key, ()), prefix)
        self.everything = "" in self._prefixes.get("", ())

    def opens(self, action: str) -> bool:
        """Whether prefixes tell that one of them is about all actions that begin so, in lower case."""
        of_service = self._prefixes.get(action.partition(":")[0], ())
        return action.startswith((*self._prefixes.get("", ()), *of_service))

    def __contains__(self, action: str) -> bool:
        """Whether one of them is, or may be, about an action, in lower case."""
        if action in self._exact or self.opens(action):
            return True
        return any(one.about(action) is not False for one in self._others)


def _guesses(new: Policies, statements: Sequence[Compiled], spoken_of: _SpokenOf) -> Iterator[Request]:
    """Requests for actions that are named, then for such as patterns with wildcards match."""
    looked_at = Budget(_MOST_NAMES)
    for wild, one in product((False, True), statements):
        guess = _Guess(one)
        for action in _new_actions(one, spoken_of, looked_at, wild=wild):
            if guess.context is not None and not _asks_who(new, str(action)):
                yield Request(None, str(action), guess.resource(action), guess.context, complete=True)


def _new_actions(
    statement: Compiled, spoken_of: _SpokenOf, looked_at: Budget, *, wild: bool
) -> Iterator[Action]:
    """One of AWS's actions for each pattern of a statement that has a new one."""
    catalog = Catalog.load()
    for glob in statement.actions.globs:
        if ("*" in glob or "?" in glob) is not wild or spoken_of.opens(_head(glob)):
            continue
        for name in catalog.names(glob) if wild else (glob,):
            looked_at.spend()
            if name.lower() not in spoken_of and (action := catalog.action(name)):
                yield action
                break


def _head(glob: str) -> str:
    return re.split(r"[*?]", glob, maxsplit=1)[0]


def _asks_who(policies: Policies, action: str) -> bool:
    """Whether it depends on the caller if an action is denied."""
    return any(
        one.source.principals is not None or one.not_principal or any(test.key in DERIVED for test in one.tests)
        for one in policies.on(action).denies
    )


class _Guess:
    """Where, and with what, a statement may apply."""

    def __init__(self, statement: Compiled) -> None:
        self.statement = statement

    @cached_property
    def context(self) -> dict[str, Any] | None:
        """Values with which its conditions hold; ``None`` where they depend on the caller, or are not known."""
        by_key: dict[str, list[TestLiteral]] = {}
        for test in self.statement.tests:
            if test.key in DERIVED or not is_sure(test) or (test.texts is not None and test.texts.holed):
                return None
            by_key.setdefault(test.key, []).append(TestLiteral(test, upper=False))
        if self.statement.doubts:
            return None
        context: dict[str, Any] = {}
        for key, tests in by_key.items():
            rows = rows_of(key, tests, budget=Budget(_STEPS)).rows
            holding = next((row for row in rows if row.holds == (1 << len(tests)) - 1), None)
            if holding is None:
                return None
            context[tests[0].test.source.key] = holding.values
        return context

    def resource(self, action: Action) -> str:
        """A resource that the statement names, such as an action is about where any would do."""
        texts = self.statement.resources
        globs = ("*",) if texts is None else texts.globs
        if "*" in globs:
            return usual.resource(action) or "*"
        return usual.spelt(globs[0]) if globs else ""
