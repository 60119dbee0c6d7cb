"""Our dataclasses are those of the standard library, made later."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field, fields, replace
from functools import cached_property
from inspect import signature
from types import FunctionType
from typing import Any, ClassVar

import pytest

from stockade import records

CALLS: tuple[dict[str, bool], ...] = (
    {},
    {"frozen": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "eq": False},
    {"slots": True, "eq": False},
    {"frozen": True, "slots": True, "kw_only": True, "eq": False, "repr": False},
)

GIVEN: tuple[dict[str, Any], ...] = ({}, {"a": 1}, {"a": 1, "z": 2}, {"a": 1, "b": "x", "c": (1,), "g": 0})


def _classes(make: Callable[[type], type]) -> tuple[type, type, type]:
    class Plain:
        a: int
        b: str = "b"
        c: list[int] = field(default_factory=list)
        d: int = field(default=4, compare=False, repr=False)
        e: int = field(default=5, init=False)
        f: dict[str, int] = field(default_factory=dict, init=False, hash=False)
        g: int = field(default=7, kw_only=True)

    class After:
        """It says so."""

        a: int
        twice: int = field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "twice", 2 * self.a)

    class Own:
        a: int

        def __repr__(self) -> str:
            return "mine"

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 1

    return make(Plain), make(After), make(Own)


def _outcome(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except TypeError as error:
        return "TypeError", str(error).replace("after.<locals>.", "")


def _told(cls: type, **given: Any) -> list[Any]:
    """All that one can see of a class: what it takes, shows, compares and hashes."""
    make: Any = cls
    names = [one.name for one in fields(cls)]
    made = _outcome(lambda: make(**given))
    if isinstance(made, tuple):
        return [names, made]
    values = {name: getattr(made, name) for name in names if hasattr(made, name)}
    again, other = make(**given), make(**{**given, "a": 99})
    return [
        names,
        values,
        cls.__dict__.get("__match_args__"),
        cls.__dict__.get("__slots__"),
        [
            (one.name, one.kind, one.default is one.empty)
            for one in signature(make.__init__).parameters.values()
        ],
        (made == again, made == other, made != again, made == 1),
        repr(made).rpartition(".")[2] if isinstance(cls.__repr__, FunctionType) else "none",
        _outcome(lambda: hash(made) == hash(again)),
        cls.__hash__ is None,
        [getattr(replace(made, a=3), name, None) for name in names],
    ]


@pytest.mark.parametrize("call", CALLS, ids=str)
@pytest.mark.parametrize(
    "given", [{}, {"a": 1}, {"a": 1, "z": 2}, {"a": 1, "b": "x", "c": (1,), "g": 0}], ids=str
)
def test_a_class_is_told_by_nothing_from_one_of_the_standard_library(
    call: dict[str, bool], given: dict[str, Any]
) -> None:
    theirs = _classes(dataclasses.dataclass(**call))
    ours = _classes(records.dataclass(**call))
    for one, other in zip(ours, theirs, strict=True):
        assert _told(one, **given) == _told(other, **given)


@records.record
class Point:
    x: int
    y: int = 0


@records.dataclass(frozen=True)
class Base:
    x: int

    @cached_property
    def double(self) -> int:
        return 2 * self.x


@records.dataclass(frozen=True)
class Derived(Base):
    y: int = 1


class Undeclared(Derived):
    pass


def test_what_derives_takes_what_both_declare() -> None:
    assert (Derived(1).double, Derived(1, 2).y, Undeclared(3, 4).double) == (2, 2, 6)
    assert Derived(1) == Derived(1) != Undeclared(1)


def test_records_are_copied_and_pickled_and_matched() -> None:
    point = Point(1, 2)
    assert copy.copy(point) == copy.deepcopy(point) == pickle.loads(pickle.dumps(point)) == point
    assert {point: "here"}[Point(1, 2)] == "here"
    match point:
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_a_method_is_compiled_once() -> None:
    first = Point.__init__
    Point(1)
    second = Point.__init__
    Point(2)
    assert Point.__init__ is second
    assert second.__qualname__ == "Point.__init__"
    assert first is second or first.__qualname__ != second.__qualname__


def _family(make: Callable[[type], type], slotted: Callable[[type], type]) -> list[type]:
    """Classes of which the fields are not those that stand in them."""

    @make
    class Counted:
        made: ClassVar[int] = 0
        a: int
        b: list[int] = field(default_factory=list)

    @make
    class Below(Counted):
        a: int = 5
        c: str = "c"

    @slotted
    class Slotted(Below):
        d: int = 0

    return [Counted, Below, Slotted]


def test_fields_are_those_of_the_standard_library_before_anything_is_made() -> None:
    theirs = _family(dataclasses.dataclass, dataclasses.dataclass(slots=True))
    ours = _family(records.dataclass, records.dataclass(slots=True))
    for one, other in zip(theirs, ours, strict=True):
        match = "__match_args__"  # which patterns ask for first
        assert getattr(other, match) == getattr(one, match)
        told = ("name", "type", "default", "default_factory", "init", "kw_only")
        seen = [[[getattr(each, name) for name in told] for each in fields(cls)] for cls in (one, other)]
        assert seen[0] == seen[1]
        assert other.__dict__.get("__slots__") == one.__dict__.get("__slots__")
        assert hasattr(other, "b") == hasattr(one, "b")
    assert vars(ours[1])["c"] == "c"
