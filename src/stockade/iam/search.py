"""The search for a request that one side allows and the other does not.

Requests are divided into classes in every dimension: actions, resources, callers, condition keys. Only
what the statements at hand tell apart matters, so a handful of classes stands for all requests there
are. Three things keep it small. A part of a statement that another one covers whole is never searched.
What is searched is one action pattern on one resource pattern, with those statements alone that touch
both. And a branch is left as soon as no choice that is still open could save it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from itertools import product
from typing import Final, TypeAlias

from stockade.iam.automaton import Budget, Text, classes
from stockade.iam.clauses import Clause, Literal, TestLiteral
from stockade.iam.glob import ANYTHING, Pattern, glob, holes_in, plain
from stockade.iam.keys import Key, Row, rows_of
from stockade.iam.request import Caller
from stockade.iam.texts import Values
from stockade.records import dataclass

Group: TypeAlias = tuple[Clause, ...]
"""Statements of which one has to apply."""


@dataclass(frozen=True, eq=False)
class Side:
    """What allows requests: one of the alternatives has to, in each of its groups, and no denial.

    The policies of a role are one alternative of one group; a permissions boundary is a group more.
    """

    alternatives: tuple[tuple[Group, ...], ...] = ()
    denials: Group = ()

    @cached_property
    def everything(self) -> Group:
        """All statements."""
        return (*self.denials, *(one for groups in self.alternatives for group in groups for one in group))


@dataclass(frozen=True, slots=True)
class Found:
    """A request, class by class. Keys that are not named may be anything."""

    action: Text
    resource: Text
    caller: Caller | None
    context: Mapping[str, Values]
    pattern: Pattern
    """The action pattern that the action is one of."""


@dataclass(slots=True)
class Question:
    """What is asked: a request that ``allowed`` lets through and ``refused`` does not.

    ``fixed`` are values that keys have in every request that is thought of, and ``callers`` one of each class
    of those who make it; ``None`` where nothing depends on who does.
    """

    allowed: Side
    refused: Side
    budget: Budget
    fixed: Mapping[str, Values] = field(default_factory=dict)
    callers: tuple[Caller | None, ...] = (None,)
    inexact: bool = False
    """Whether a key was met of which not every combination could be looked at: finding nothing then proves

    nothing."""

    def answers(self) -> Iterator[Found]:
        """Requests that are answers, one of every part of the question that has any.

        Raises ``BudgetExceeded``.
        """
        refusing = _Refusing(self.refused)
        for groups in self.allowed.alternatives:
            for region in product(*groups):
                yield from _Region(self, region, refusing).answers()


# ------------------------------------------------------------------------------------ what covers


class _Refusing:
    """The side that is not to allow the request, with what it remembers of its statements."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.alternatives = side.alternatives
        self._by_action: dict[Pattern, tuple[tuple[tuple[Clause, ...], ...], ...]] = {}

    def covering(self, action: Pattern) -> tuple[tuple[tuple[Clause, ...], ...], ...]:
        """For each alternative and group the statements that cover an action pattern whole."""
        if action not in self._by_action:
            self._by_action[action] = tuple(
                tuple(tuple(one for one in group if one.actions.covers(action)) for group in groups)
                for groups in self.alternatives
            )
        return self._by_action[action]


def _holds_with(one: Clause, region: Sequence[Clause]) -> bool:
    """Whether a statement's callers and conditions are there whenever a region's are."""
    if one.kinds and not any(other.kinds and set(other.kinds) <= set(one.kinds) for other in region):
        return False
    if one.principals is not None and not any(_reaches_all(one, other) for other in region):
        return False
    return all(any(_implies(other, test) for other in region) for test in one.tests)


def _reaches_all(one: Clause, other: Clause) -> bool:
    """Whether a statement's principals reach everybody that another's do."""
    if one.not_principal or one.principals is None:
        return False
    if any(who.is_anyone for who in one.principals):
        return True
    if other.principals is None or other.not_principal or one.least > other.least:
        return False
    mine = {(who.kind, who.shape) for who in one.principals if who.kind != "?"}
    return all((who.kind, who.shape) in mine for who in other.principals)


def _implies(clause: Clause, test: TestLiteral) -> bool:
    """Whether one of a statement's conditions says the same as a given one, word for word or more narrowly."""
    return any(_same_or_narrower(one, test) for one in clause.tests)


def _same_or_narrower(one: TestLiteral, other: TestLiteral) -> bool:
    if one.test.key != other.test.key or one.test.operator != other.test.operator:
        return False
    if one.test.texts is not None and other.test.texts is not None:
        mine, theirs = set(one.test.texts.patterns), set(other.test.texts.patterns)
    else:
        if one.test.values is None or other.test.values is None or one.test.texts or other.test.texts:
            return False
        if one.test.presence is not None or other.test.presence is not None:
            return one.test.presence == other.test.presence
        return set(one.test.values) == set(other.test.values)
    negated = one.test.operator is not None and one.test.operator.negated
    return theirs <= mine if negated else mine <= theirs


# ------------------------------------------------------------------------------------- one region

_REAL: Final = (plain("*"), glob("arn:?*:?*:*:*:?*"))
"""What a resource of a request may be."""
_ACTIONS: Final = glob("?*:?*")


class _Region:
    """The requests to which chosen statements, one of each group, all apply."""

    def __init__(self, question: Question, chosen: tuple[Clause, ...], refusing: _Refusing) -> None:
        self.question = question
        self.chosen = tuple(_exactly(chosen))
        self.refusing = refusing
        self.denials = question.allowed.denials
        self.refused_denials = question.refused.denials

    def answers(self) -> Iterator[Found]:
        main, *others = self.chosen
        if self._is_allowed_alike():
            return
        resources = _spread(main.resources)
        denials = self.refused_denials
        for action in _spread(main.actions):
            if not all(one.actions.touches(action) for one in others):
                continue
            self.question.budget.spend()
            denied = [one for one in denials if one.actions.touches(action)]
            covering = self._covering(action)
            if not denied and any(
                all(any(one.resources.covers(ANYTHING) for one in group) for group in groups)
                for groups in covering
            ):
                continue
            for resource in resources:
                if all(one.resources.touches(resource) for one in others):
                    yield from self._within(action, resource, covering, denied)

    def _is_allowed_alike(self) -> bool:
        """Whether the refusing side has the same statements, or wider ones, and denies nothing more."""
        return any(
            all(any(_is_no_wider(mine, one) for mine in self.chosen for one in group) for group in groups)
            for groups in self.refusing.alternatives
        ) and all(map(self._is_denied_alike, self.refused_denials))

    def _covering(self, action: Pattern) -> list[list[list[Clause]]]:
        """Of the refusing side's statements those that hold throughout the region, resources aside."""
        return [
            [[one for one in group if _holds_with(one, self.chosen)] for group in groups]
            for groups in self.refusing.covering(action)
        ]

    def _within(
        self, action: Pattern, resource: Pattern, covering: list[list[list[Clause]]], denied: list[Clause]
    ) -> Iterator[Found]:
        """Answers within one action pattern on one resource pattern."""
        budget = self.question.budget
        budget.spend()
        for one in self.denials:
            if one.actions.covers(action) and one.resources.covers(resource) and _holds_with(one, self.chosen):
                return
        undoing = [one for one in denied if one.resources.touches(resource) and not self._is_denied_alike(one)]
        if not undoing and any(
            all(any(one.resources.covers(resource) for one in group) for group in groups) for groups in covering
        ):
            return
        touching = [one for one in self.denials if _touches(one, action, resource)]
        alternatives = tuple(
            tuple(tuple(one for one in group if _touches(one, action, resource)) for group in groups)
            for groups in self.refusing.alternatives
        )
        yield from _Cell(self, action, resource, touching, undoing, alternatives).answers()

    def _is_denied_alike(self, denial: Clause) -> bool:
        """Whether what the refusing side denies here is denied by the other side too, word for word."""
        return any(_is_no_wider(denial, one) for one in self.denials)


def _is_no_wider(one: Clause, other: Clause) -> bool:
    """Whether a statement applies only where another does, as can be told from their words."""
    plain_actions = not one.actions.negated and not other.actions.negated
    if plain_actions and not all(other.actions.covers(pattern) for pattern in one.actions.patterns):
        return False
    if one.source is not None and other.source is not None:
        content = one.source.content
        if content is not None and content == other.source.content and _asks_no_more(other, one):
            return True
    if one.upper != other.upper and not (one.whole and other.whole):
        return False
    if one.actions.negated or one.resources.negated:
        return False
    if one.actions.texts.unknown or one.resources.texts.unknown:
        return False
    return (
        all(other.actions.covers(pattern) for pattern in one.actions.patterns)
        and all(other.resources.covers(pattern) for pattern in one.resources.patterns)
        and _holds_with(other, (one,))
    )


def _asks_no_more(one: Clause, other: Clause) -> bool:
    """Whether of two clauses of statements with one content the first asks no more of callers."""
    if one.principals is not None and (other.principals is None or one.least > other.least):
        return False
    return not one.kinds or (bool(other.kinds) and set(other.kinds) <= set(one.kinds))


def _touches(one: Clause, action: Pattern, resource: Pattern) -> bool:
    return one.actions.touches(action) and one.resources.touches(resource)


def _spread(literal: Literal) -> tuple[Pattern, ...]:
    """The patterns that a literal is the union of; a negated one is taken as part of everything."""
    return (ANYTHING,) if literal.negated else literal.patterns


def _exactly(chosen: Iterable[Clause]) -> Iterator[Clause]:
    """The statements of a region, in which the first to speak of a key has holes as letters of their own."""
    seen: set[str] = set()
    for one in chosen:
        tests: list[TestLiteral] = []
        for test in one.tests:
            patterns = test.test.texts.patterns if test.test.texts else ()
            holed = any(next(holes_in(pattern), None) for pattern in patterns)
            if holed and test.is_loose and test.test.key not in seen and not test.test.operator.negated:  # type: ignore[union-attr]  # what is loose has an operator
                seen.add(test.test.key)
                tests.append(replace(test, exact=True))
            else:
                tests.append(test)
        yield replace(one, tests=tuple(tests))


# --------------------------------------------------------------------------------------- one cell


class _Cell:
    """One action pattern on one resource pattern, with the statements that touch both.

    Statements are numbered, and sets of them are the bits of integers.
    """

    def __init__(
        self,
        region: _Region,
        action: Pattern,
        resource: Pattern,
        denials: Sequence[Clause],
        undoing: Sequence[Clause],
        alternatives: tuple[tuple[tuple[Clause, ...], ...], ...],
    ) -> None:
        self.question = region.question
        self.budget = region.question.budget
        self.action, self.resource = action, resource
        numbers: dict[int, int] = {}
        self.clauses: list[Clause] = []

        def bits(clauses: Iterable[Clause]) -> int:
            out = 0
            for one in clauses:
                if id(one) not in numbers:
                    numbers[id(one)] = len(self.clauses)
                    self.clauses.append(one)
                out |= 1 << numbers[id(one)]
            return out

        self.required = bits(region.chosen)
        self.denials = bits(denials)
        self.undoing = bits(undoing)
        self.alternatives = tuple(tuple(bits(group) for group in groups) for groups in alternatives)
        self.tried: set[tuple[int, Caller | None]] = set()

    def answers(self) -> Iterator[Found]:
        everything = (1 << len(self.clauses)) - 1
        every_action = _ACTIONS if self.action == ANYTHING else self.action
        for alive, action in self._classes(everything, every_action, "actions"):
            for within in _REAL if self.resource == ANYTHING else (self.resource,):
                for left, resource in self._classes(alive, within, "resources"):
                    yield from self._with_callers(left, action, resource)

    def _classes(self, alive: int, within: Pattern, element: str) -> Iterator[tuple[int, Text]]:
        """The statements that are left in each class of actions or resources, with a text of it."""
        literals = [
            (index, getattr(one, element)) for index, one in enumerate(self.clauses) if alive >> index & 1
        ]
        patterns: dict[tuple[Pattern, bool], int] = {}
        masks: list[tuple[int, int, bool]] = []
        for index, literal in literals:
            mask = 0
            loose = literal.loose and not (self.required >> index & 1 and index == 0)
            for pattern in literal.patterns:
                mask |= 1 << patterns.setdefault((pattern, loose), len(patterns))
            masks.append((1 << index, mask, literal.negated))
        loose_bits = sum(1 << at for at, (_, loose) in enumerate(patterns) if loose)
        found = classes(
            tuple(pattern for pattern, _ in patterns), within=within, loose=loose_bits, budget=self.budget
        )
        seen: set[int] = set()
        for signature, text in found.items():
            left = 0
            for bit, mask, negated in masks:
                if bool(signature & mask) != negated:
                    left |= bit
            if left not in seen and not self.required & ~left and not self._is_hopeless(left, 0):
                seen.add(left)
                yield left, text

    def _with_callers(self, alive: int, action: Text, resource: Text) -> Iterator[Found]:
        for caller in self.question.callers:
            left = alive
            for index, one in enumerate(self.clauses):
                if left >> index & 1 and not one.reaches(caller):
                    left &= ~(1 << index)
            if self.required & ~left or (left, caller) in self.tried:
                continue
            self.tried.add((left, caller))
            found = self._with_conditions(left, caller)
            if found is not None:
                yield Found(action, resource, caller, found, self.action)

    # -------------------------------------------------------------------------------- conditions

    def _with_conditions(self, alive: int, caller: Caller | None) -> dict[str, Values] | None:
        """Values of condition keys with which the request gets through on one side only."""
        alive = self._that_matter(alive)
        tests: dict[str, list[tuple[int, TestLiteral]]] = {}
        for index, one in enumerate(self.clauses):
            if alive >> index & 1:
                for test in one.tests:
                    tests.setdefault(test.test.key, []).append((1 << index, test))
        if self._is_hopeless(alive, alive & ~sum({bit for listed in tests.values() for bit, _ in listed})):
            return None
        keys = [(key, listed, self._key(key, listed, caller)) for key, listed in tests.items()]
        keys.sort(key=lambda one: len(one[2].rows))
        steps = [(key, _with_masks(listed, found.rows)) for key, listed, found in keys]
        # After which step nothing more can befall a statement.
        pending = [0] * (len(steps) + 1)
        for at in range(len(steps) - 1, -1, -1):
            pending[at] = pending[at + 1] | sum({bit for bit, _ in keys[at][1]})
        if not all(found.exact for *_, found in keys):
            self.question.inexact = True
        return self._choose(steps, pending, 0, alive, {})

    def _key(self, key: str, listed: list[tuple[int, TestLiteral]], caller: Caller | None) -> Key:
        tests = [test for _, test in listed]
        if key in self.question.fixed:
            return rows_of(key, tests, fixed=self.question.fixed[key], is_fixed=True, budget=self.budget)
        derived = caller.keys() if caller else {}
        if key in derived:
            return rows_of(key, tests, fixed=derived[key], is_fixed=True, budget=self.budget)
        return rows_of(key, tests, budget=self.budget)

    def _that_matter(self, alive: int) -> int:
        """Leave out what cannot have a share in the answer: conditions of statements that do not matter."""
        if not any(all(group & alive for group in groups) for groups in self.alternatives):
            # The other side cannot allow it anyway.
            return alive & (self.required | self.denials)
        return alive

    def _choose(
        self,
        steps: list[tuple[str, list[tuple[int, Row]]]],
        pending: list[int],
        at: int,
        alive: int,
        context: dict[str, Values],
    ) -> dict[str, Values] | None:
        self.budget.spend()
        if self._is_hopeless(alive, alive & ~pending[at]):
            return None
        if at == len(steps):
            return dict(context)
        key, rows = steps[at]
        for dead, row in rows:
            left = alive & ~dead
            if self.required & ~left:
                continue
            context[key] = row.values
            found = self._choose(steps, pending, at + 1, left, context)
            if found is not None:
                return found
        context.pop(key, None)
        return None

    def _is_hopeless(self, alive: int, settled: int) -> bool:
        """Whether no choice still open makes an answer, when the settled statements surely apply."""
        if self.required & ~alive or settled & self.denials:
            return True
        if alive & self.undoing:
            return False
        return any(all(group & settled for group in groups) for groups in self.alternatives)


def _with_masks(listed: list[tuple[int, TestLiteral]], rows: Sequence[Row]) -> list[tuple[int, Row]]:
    """For every row the statements that it keeps from applying, each such set once."""
    out: dict[int, Row] = {}
    for row in rows:
        dead = 0
        for index, (bit, _) in enumerate(listed):
            if not row.holds >> index & 1:
                dead |= bit
        out.setdefault(dead, row)
    return list(out.items())
