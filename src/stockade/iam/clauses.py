"""Statements as a search over all requests sees them: sure ones, and bounds for those partly known.

A question asks for a request that one side allows and the other does not. To *prove* that there is none,
what is not known has to be taken at its widest where it would make such a request, and at its narrowest
where it would prevent one; to *find* one, the other way round. ``upper`` and ``lower`` are these two
readings of a statement; for one that is wholly known they are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from stockade.iam.compiled import Compiled
from stockade.iam.conditions import Test
from stockade.iam.glob import ANYTHING, Pattern, holes_in, only_text, opened
from stockade.iam.operators import Kind
from stockade.iam.pairs import covers, meets
from stockade.iam.policies import Policies
from stockade.iam.principals import Reach, Who
from stockade.iam.request import Caller, CallerKind
from stockade.iam.texts import Texts
from stockade.records import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """That a text is, or with ``negated`` is not, one of some patterns.

    ``loose`` asks whether a pattern could match, whatever holes stand for, rather than whether it does.
    """

    texts: Texts
    negated: bool = False
    loose: bool = False

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns."""
        return self.texts.patterns

    def covers(self, pattern: Pattern) -> bool:
        """Whether it holds for every text of a pattern, surely."""
        if self.negated:
            return not any(_may_meet(one, pattern) for one in self.texts.near(pattern))
        if self.texts.is_plain and (text := only_text(pattern)) is not None:
            return self.texts.has_known(text)
        near = self.texts.near(pattern)
        return pattern in near or any(covers(one, pattern) for one in near)

    def touches(self, pattern: Pattern) -> bool:
        """Whether it may hold for some text of a pattern."""
        if self.negated:
            near = self.texts.near(pattern)
            return pattern not in near and not any(covers(one, pattern) for one in near)
        if self.texts.is_plain and (text := only_text(pattern)) is not None:
            return self.texts.has_known(text)
        return any(_may_meet(one, pattern) for one in self.texts.near(pattern))


def _may_meet(one: Pattern, other: Pattern) -> bool:
    if ANYTHING in (one, other) or meets(one, other):
        return True
    if next(holes_in(one), None) is None and next(holes_in(other), None) is None:
        return False
    return meets(opened(one), opened(other))


_ANY: Final = Literal(Texts((ANYTHING,)))


@dataclass(frozen=True, slots=True, eq=False)
class TestLiteral:
    """One condition as a search sees it. ``upper`` says which reading it is part of.

    ``exact`` takes its holes as letters of their own even so: a text is then thought of as one with holes.
    """

    test: Test
    upper: bool
    exact: bool = False

    @property
    def is_loose(self) -> bool:
        """Whether a value agrees with the policy's where that depends on what holes stand for."""
        operator = self.test.operator
        return not self.exact and self.upper != (operator is not None and operator.negated)


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """A statement in one reading. ``actions`` and ``resources`` that are ``None`` are all there are.

    ``whole`` says that its two readings are the same.
    """

    source: Compiled | None
    actions: Literal
    resources: Literal
    principals: tuple[Who, ...] | None
    not_principal: bool
    tests: tuple[TestLiteral, ...]
    upper: bool
    whole: bool
    least: Reach = Reach.ACCOUNT
    """How directly its principals have to reach a caller."""
    kinds: Collection[CallerKind] = ()
    """The kinds of callers that it is about, empty for all."""

    def reaches(self, caller: Caller | None) -> bool:
        """Whether its principals reach a caller, by name or by account."""
        if self.kinds and (caller.kind if caller else CallerKind.ROLE) not in self.kinds:
            return False
        if self.principals is None or self.source is None:
            return True
        found = self.source.reaches(caller)
        return self.upper if found is None else found >= self.least


ANYTHING_AT_ALL: Final = Clause(None, _ANY, _ANY, None, False, (), True, False)
"""What stands for statements of which nothing is known, where they may do the most."""


def clauses(policies: Policies, *, allow: bool, upper: bool) -> Iterator[Clause]:
    """The statements of some policies that allow, or those that deny, in one of their readings."""
    for one in policies.statements:
        if one.allows is (not allow) or (one.allows is None and not upper):
            continue
        if (clause := clause_of(one, upper=upper)) is not None:
            yield clause
    if upper and policies.unknown:
        yield ANYTHING_AT_ALL


def clause_of(one: Compiled, *, upper: bool) -> Clause | None:
    """A statement in one of its readings; ``None`` where its lower one is that it never applies."""
    if not upper and (one.doubts or (one.not_action and one.actions.unknown)):
        return None
    actions = _literal(one.actions, one.not_action, upper)
    resources = _ANY if one.resources is None else _literal(one.resources, one.not_resource, upper)
    if resources is None or actions is None:
        return None
    tests: list[TestLiteral] = []
    for test in one.tests:
        if not is_sure(test):
            negated = test.operator is not None and test.operator.negated
            if test.texts is None or upper != negated:
                # Nothing is known of its values, or others could let more through, or keep more out.
                if upper:
                    continue
                return None
        tests.append(TestLiteral(test, upper))
    whole = is_whole(one)
    return Clause(one, actions, resources, one.principals, one.not_principal, tuple(tests), upper, whole)


def _literal(texts: Texts, negated: bool, upper: bool) -> Literal | None:
    """An element in one reading; ``None`` where that says that the statement never applies."""
    if texts.unknown and upper != negated:
        return None if negated else _ANY
    return Literal(texts, negated, loose=upper != negated)


def is_sure(test: Test) -> bool:
    """Whether all values of a condition are known, holes aside."""
    if test.operator is None:
        return False
    if test.operator.kind is Kind.PRESENCE:
        return test.presence is not None
    return test.values is not None if test.texts is None else not test.texts.unknown


def is_whole(one: Compiled) -> bool:
    """Whether nothing in a statement is unknown, so that both of its readings are the same."""
    if one.allows is None or one.doubts or not one.actions.is_plain:
        return False
    if one.resources is not None and not one.resources.is_plain:
        return False
    if one.not_principal and any(who.kind == "AWS" and not who.is_anyone for who in one.principals or ()):
        return False
    for test in one.tests:
        if not is_sure(test) or (test.texts is not None and not test.texts.is_plain):
            return False
    return all(
        who.kind != "?" and all(isinstance(piece, str) for piece in who.shape) for who in one.principals or ()
    )
