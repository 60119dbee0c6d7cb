"""What a request may have for one condition key, divided by what the conditions on it say.

All that a search needs of a key is which conditions can hold together, so every combination of answers
is listed once, with values that give it: absence, one value of each class, and for keys of several
values the sets of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Context, Decimal, localcontext
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from stockade.iam.automaton import Budget, classes
from stockade.iam.clauses import TestLiteral
from stockade.iam.glob import Pattern, glob, only_text
from stockade.iam.match import Shape
from stockade.iam.operators import Kind, address, compare, moment, network, number, over, seen_by
from stockade.iam.texts import UNKNOWN, Found, Values
from stockade.records import dataclass
from stockade.value import Hole


@dataclass(frozen=True, slots=True)
class Row:
    """One combination: a bit for each condition that holds, and values of which that is so."""

    holds: int
    values: Values


@dataclass(frozen=True, slots=True)
class Key:
    """All combinations for a key. ``exact`` says that there are no others."""

    rows: tuple[Row, ...]
    exact: bool


SEVERAL: Final = frozenset(
    {
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
    }
)
"""AWS's own keys that have several values."""

_SOMETHING: Final = glob("?*")
_MOST_SETS: Final = 2_000
"""Combinations of values of one request that are looked at."""


def rows_of(
    key: str,
    tests: Sequence[TestLiteral],
    *,
    fixed: Values = None,
    is_fixed: bool = False,
    budget: Budget,
) -> Key:
    """The combinations for a key. With ``is_fixed`` the request has ``fixed`` for it, and nothing else."""
    if is_fixed:
        return Key((Row(_holding(tests, fixed), fixed),), True)
    singles, complete = _candidates(tests, budget)
    rows: dict[int, Values] = {}
    for one in (None, *((single,) for single in singles)):
        rows.setdefault(_holding(tests, one), one)
    quantified = any(one.test.operator and one.test.operator.quantifier for one in tests)
    if key in SEVERAL or (quantified and not key.startswith("aws:")):
        complete = _sets(tests, singles, rows, budget) and complete
    return Key(tuple(Row(holds, values) for holds, values in rows.items()), complete)


def _sets(
    tests: Sequence[TestLiteral], singles: Sequence[str | Shape], rows: dict[int, Values], budget: Budget
) -> bool:
    """Add what several values at once come to; whether all of it was looked at."""
    front: list[tuple[str | Shape, ...]] = [(one,) for one in singles]
    seen = {_profile(tests, one) for one in front}
    looked = 0
    while front:
        after: list[tuple[str | Shape, ...]] = []
        for values in front:
            for single in singles:
                looked += 1
                budget.spend()
                if looked > _MOST_SETS:
                    return False
                more = (*values, single)
                profile = _profile(tests, more)
                if profile in seen:
                    continue
                seen.add(profile)
                rows.setdefault(_holding(tests, more), more)
                after.append(more)
        front = after
    return True


def _profile(tests: Sequence[TestLiteral], values: tuple[str | Shape, ...]) -> tuple[tuple[bool, bool], ...]:
    """For each condition whether some of the values agree with it, and whether all do."""
    answers = [[_agrees(one, value) for value in values] for one in tests]
    return tuple((any(one), all(one)) for one in answers)


def _holding(tests: Sequence[TestLiteral], values: Values) -> int:
    out = 0
    for index, one in enumerate(tests):
        if _holds(one, values):
            out |= 1 << index
    return out


def _holds(one: TestLiteral, values: Values) -> bool:
    operator = one.test.operator
    if operator is None:
        return one.upper
    values = seen_by(operator, values)
    if operator.kind is Kind.PRESENCE:
        return (values is None) in (one.test.presence or ())
    if values is None:
        return operator.when_absent()
    return bool(over(operator, [_agrees(one, value) for value in values]))


def _agrees(one: TestLiteral, value: str | Shape) -> bool:
    """Whether a value agrees with one of the policy's, negation left aside, in the test's reading."""
    test = one.test
    if test.texts is not None:
        if isinstance(value, str) and test.texts.is_plain:
            return test.texts.has_known(value)
        found = test.texts.has(value, _nobody_knows)
        return one.is_loose if found is None else found
    if test.values is None or test.operator is None or not isinstance(value, str):
        return one.is_loose
    return any(compare(test.operator, wanted, value) for wanted in test.values)


def _nobody_knows(key: str) -> Found:
    return UNKNOWN


# -------------------------------------------------------------------------------------- candidates


def _candidates(tests: Sequence[TestLiteral], budget: Budget) -> tuple[list[str | Shape], bool]:
    """One value of each class, and whether there are no other classes."""
    kinds = {one.test.operator.kind for one in tests if one.test.operator} - {Kind.PRESENCE}
    out: dict[str | Shape, None] = {}
    if kinds & {Kind.STRING, Kind.ARN, Kind.BOOLEAN}:
        if kinds == {Kind.BOOLEAN}:
            out |= dict.fromkeys(("true", "false"))
        else:
            out |= dict.fromkeys(_texts(tests, budget))
    values = {
        kind: [
            value
            for one in tests
            if one.test.operator and one.test.operator.kind is kind
            for value in one.test.values or ()
        ]
        for kind in kinds
    }
    if Kind.ADDRESS in kinds:
        out |= dict.fromkeys(_addresses(values[Kind.ADDRESS]))
    if Kind.NUMBER in kinds:
        out |= dict.fromkeys(map(_plain, _around(number(one) for one in values[Kind.NUMBER])))
    if Kind.DATE in kinds:
        out |= dict.fromkeys(map(_plain, _around(moment(one) for one in values[Kind.DATE])))
    if Kind.BINARY in kinds:
        out |= dict.fromkeys((*values[Kind.BINARY], "AA=="))
    if not out:
        out["x"] = None
    complete = len(kinds) <= 1 or kinds <= {Kind.STRING, Kind.ARN, Kind.BOOLEAN}
    return list(out), complete


def _texts(tests: Sequence[TestLiteral], budget: Budget) -> Iterator[str | Shape]:
    found: dict[tuple[Pattern, bool], None] = {}
    for one in tests:
        found |= dict.fromkeys(
            (pattern, one.is_loose) for pattern in (one.test.texts.patterns if one.test.texts else ())
        )
    patterns = tuple(pattern for pattern, _ in found)
    loose = sum(1 << at for at, (_, loosely) in enumerate(found) if loosely)
    known = [only_text(one) for one in patterns]
    if None not in known:
        # The usual case: plain texts are a class each, and all others are one.
        yield from (text for text in known if text is not None)
        yield next(text for text in _FRESH if text not in known)
        yield ""
        return
    for text in classes(patterns, within=_SOMETHING, loose=loose, budget=budget).values():
        yield shape_of_text(text)
    yield ""  # last, for it is a witness that nobody expects


_FRESH: Final = ("other", "another", "x", "y", "z", *(f"other-{one}" for one in range(1000)))


def shape_of_text(text: tuple[str | Hole, ...]) -> str | Shape:
    """A text as it is kept in requests: one piece of text, or pieces with holes."""
    if all(isinstance(one, str) for one in text):
        return "".join(map(str, text))
    out: list[str | Hole] = []
    for one in text:
        if isinstance(one, str) and out and isinstance(out[-1], str):
            out[-1] += one
        else:
            out.append(one)
    return tuple(out)


def _addresses(ranges: Iterable[str]) -> Iterator[str]:
    """The first address of every stretch that the ranges' ends cut the two address spaces into."""
    ends: dict[int, set[int]] = {4: {0}, 6: {0}}
    for text in ranges:
        if (found := network(text)) is not None:
            ends[found.version] |= {int(found.network_address), int(found.broadcast_address) + 1}
    # An address that people know first: a request from the internet rather than from 0.0.0.0.
    usual = address("198.51.100.7")
    if usual is not None and len(ends[4]) == 1:
        yield str(usual)
    for version, limit in ((4, 1 << 32), (6, 1 << 128)):
        for one in sorted(ends[version]):
            if one < limit and (one or version == 4 or len(ends[6]) > 1):
                yield str(IPv4Address(one) if version == 4 else IPv6Address(one))


def _around(found: Iterable[Decimal | None]) -> Iterator[Decimal]:
    """The bounds themselves, and a number below, between and above them."""
    bounds = sorted({one for one in found if one is not None})
    if not bounds:
        yield Decimal(0)
        return
    with localcontext(_EXACT):
        yield bounds[0] - 1
        for one, after in zip(bounds, (*bounds[1:], bounds[-1] + 2), strict=True):
            yield one
            yield (one + after) / 2


_EXACT: Final = Context(prec=1000)


def _plain(value: Decimal) -> str:
    return format(value.normalize(_EXACT), "f")
