"""A policy statement as it is written, for being rearranged: strings and what is known of them, no places.

``read`` makes one of a parsed statement and ``Plain.tree`` gives it back as JSON's values, in which a
``Text`` stands for a string of which only a part is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from stockade.iam.cover import Patterns, Piece, action_shape, shape
from stockade.iam.policy import Condition, Principal, PrincipalKind, Statement, Strings
from stockade.records import dataclass
from stockade.value import Hole, Known, Ref, Text, Unknown, Value


@dataclass(frozen=True, slots=True)
class Listed:
    """The values of ``Action`` or ``Resource``; with ``all_but`` of ``NotAction`` or ``NotResource``."""

    values: tuple[Piece, ...]
    all_but: bool = False


@dataclass(frozen=True, slots=True)
class Who:
    """The entries of a ``Principal`` element, or of ``NotPrincipal``."""

    entries: tuple[tuple[PrincipalKind, Piece], ...]
    all_but: bool = False


@dataclass(frozen=True, slots=True)
class KeyTest:
    """One key under one operator of a ``Condition``."""

    operator: str
    key: str
    values: tuple[Piece, ...]

    @property
    def name(self) -> tuple[str, str]:
        """What it tests, and how: neither has a case that counts."""
        return self.operator.lower(), self.key.lower()


@dataclass(frozen=True)
class Plain:
    """One statement. ``numbers`` are those of the statements it was made of, counted from 0."""

    numbers: tuple[int, ...]
    sid: Piece | None
    effect: Piece
    actions: Listed
    resources: Listed | None
    principals: Who | None
    tests: tuple[KeyTest, ...]

    @cached_property
    def action_patterns(self) -> Patterns:
        """Its actions for being compared, which their case has no part in."""
        return Patterns.of(map(action_shape, self.actions.values), all_but=self.actions.all_but)

    @cached_property
    def resource_patterns(self) -> Patterns | None:
        """Its resources for being compared."""
        if self.resources is None:
            return None
        return Patterns.of(map(shape, self.resources.values), all_but=self.resources.all_but)

    def tree(self) -> dict[str, Any]:
        """The statement as JSON's values, its elements in the order people write them."""
        tree: dict[str, Any] = {}
        if self.sid:
            tree["Sid"] = self.sid
        tree["Effect"] = self.effect
        if self.principals:
            tree["NotPrincipal" if self.principals.all_but else "Principal"] = _who(self.principals)
        tree["NotAction" if self.actions.all_but else "Action"] = one_or_list(self.actions.values)
        if self.resources:
            tree["NotResource" if self.resources.all_but else "Resource"] = one_or_list(self.resources.values)
        if self.tests:
            tree["Condition"] = condition(self.tests)
        return tree


def condition(tests: Iterable[KeyTest]) -> dict[str, dict[str, Any]]:
    """A ``Condition`` element."""
    tree: dict[str, dict[str, Any]] = {}
    for test in tests:
        tree.setdefault(test.operator, {})[test.key] = one_or_list(test.values)
    return tree


def one_or_list(values: tuple[Piece, ...]) -> Piece | list[Piece]:
    """A single value by itself, as people write it."""
    return values[0] if len(values) == 1 else list(values)


def _who(who: Who) -> Any:
    if who.entries == (("*", "*"),):
        return "*"
    kinds: dict[str, list[Piece]] = {}
    for kind, value in who.entries:
        kinds.setdefault(kind, []).append(value)
    return {kind: one_or_list(tuple(values)) for kind, values in kinds.items()}


# ------------------------------------------------------------------------------------------- reading


def read(statement: Statement) -> Plain | Unknown:
    """A parsed statement as it is written; ``Unknown`` where something of it cannot be written again."""
    try:
        return _read(statement)
    except _Unreadable as found:
        return found.unknown


class _Unreadable(Exception):
    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.reason)
        self.unknown = unknown


def _read(statement: Statement) -> Plain:
    actions = _listed(statement.actions, statement.not_actions)
    if actions is None:
        raise _Unreadable(Unknown("the statement has no Action", statement.origin))
    tests = tuple(map(_test, statement.conditions))
    if len({(test.operator, test.key) for test in tests}) < len(tests):
        raise _Unreadable(Unknown("the statement tests one key twice by one operator", statement.origin))
    if statement.principals is not None and statement.not_principals is not None:
        raise _Unreadable(Unknown("the statement has both Principal and NotPrincipal", statement.origin))
    return Plain(
        (statement.index,),
        _piece(statement.sid) if statement.sid else None,
        _piece(statement.effect),
        actions,
        _listed(statement.resources, statement.not_resources),
        _principals(statement),
        tests,
    )


def _listed(values: Strings | None, left_out: Strings | None) -> Listed | None:
    if values is not None and left_out is not None:
        raise _Unreadable(Unknown("the statement has an element both with and without Not", values[0].origin))
    if left_out is not None:
        return Listed(tuple(map(_piece, left_out)), True)
    return Listed(tuple(map(_piece, values))) if values is not None else None


def _principals(statement: Statement) -> Who | None:
    entries = statement.principals if statement.not_principals is None else statement.not_principals
    if entries is None:
        return None
    return Who(tuple(map(_entry, entries)), statement.not_principals is not None)


def _entry(principal: Principal | Unknown) -> tuple[PrincipalKind, Piece]:
    if isinstance(principal, Unknown):
        raise _Unreadable(principal)
    return principal.kind, _piece(principal.value)


def _test(one: Condition | Unknown) -> KeyTest:
    if isinstance(one, Unknown):
        raise _Unreadable(one)
    return KeyTest(one.operator, one.key, tuple(map(_piece, one.values)))


def _piece(value: Value[str]) -> Piece:
    match value:
        case Known(text):
            return str(text)
        case Unknown(text=Text() as text):
            return text
        case Unknown():
            raise _Unreadable(value)


# -------------------------------------------------------------------------------------- as text and size


def plain_json(tree: Any) -> Any:
    """The same tree with every ``Text`` as the string that people would read: ``${var.bucket}`` for a hole."""
    match tree:
        case Mapping():
            return {key: plain_json(value) for key, value in tree.items()}
        case list() | tuple():
            return [plain_json(value) for value in tree]
        case Text():
            return str(tree)
        case _:
            return tree


# How long what nobody knows yet becomes, at most as a rule: AWS's accounts and regions are no longer, names
# rarely are.
_LENGTHS: Final = {"account": 12, "region": 14, "partition": 10}
_NAME: Final = 64
_ARN: Final = 128


def size(tree: Any) -> int:
    """How many characters a policy has as AWS counts them, white space left out; estimated where not known."""
    match tree:
        case Mapping():
            return (
                2 + max(len(tree) - 1, 0) + sum(3 + len(str(key)) + size(value) for key, value in tree.items())
            )
        case list() | tuple():
            return 2 + max(len(tree) - 1, 0) + sum(map(size, tree))
        case Text(parts):
            return 2 + sum(map(_length, parts))
        case _:
            return len(json.dumps(tree, ensure_ascii=False))


def _length(part: str | Ref | Hole) -> int:
    match part:
        case str():
            return len(json.dumps(part, ensure_ascii=False)) - 2
        case Hole(name):
            return _LENGTHS.get(name, _NAME)
        case Ref(shape=Text(parts)):
            return sum(map(_length, parts))
        case Ref():
            return _ARN if part.attribute.lower().endswith("arn") else _NAME
