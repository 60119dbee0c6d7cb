"""A template as it is written: scalars, lists and objects, each with its exact place.

YAML's short tags are written out (``!Sub x`` is an object of one member, ``Fn::Sub``), so that both
forms, and JSON, are one language from here on.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, TypeAlias

from stockade.records import dataclass
from stockade.source import Source, Span

DEEPEST: Final = 200
"""How deep objects and lists may nest."""

HEAVIEST: Final = 200_000
"""Nodes that aliases and merge keys of a document may bring, once they are written out."""


class Scalar:
    """A text, number, boolean or null."""

    __slots__ = ("end", "source", "start", "value")

    def __init__(self, source: Source, start: int, end: int, value: str | int | Decimal | bool | None) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.value = value


class Items:
    """A list."""

    __slots__ = ("end", "items", "source", "start")

    def __init__(self, source: Source, start: int, end: int, items: list[Node]) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.items = items


class Fields:
    """An object. ``keys`` are the places of its members' names, where they are known."""

    __slots__ = ("end", "keys", "members", "source", "start")

    def __init__(
        self,
        source: Source,
        start: int,
        end: int,
        members: dict[str, Node],
        keys: dict[str, tuple[int, int]],
    ) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.members = members
        self.keys = keys

    def key(self, name: str) -> Span:
        """The place of a member's name, or else of what it stands for."""
        place = self.keys.get(name)
        return Span(self.source, *place) if place else span(self.members[name])

    def function(self) -> str | None:
        """The name of the intrinsic function that this object calls, if it calls one."""
        if len(self.members) == 1:
            (name,) = self.members
            if name == "Ref" or name.startswith("Fn::"):
                return name
        return None


Node: TypeAlias = Scalar | Items | Fields


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a template that was not read as it stands; the message completes "... : ..."."""

    what: str
    message: str
    place: Span
    help: str | None = None


class BrokenError(Exception):
    """A document cannot be read at all; ``place`` is where it breaks."""

    def __init__(self, message: str, place: Span, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.help = help


def span(node: Node) -> Span:
    """Where a node stands."""
    return Span(node.source, node.start, node.end)


def text(node: Node | None) -> str | None:
    """The text of a scalar that is one; numbers stand for theirs."""
    match node:
        case Scalar(value=str() as plain):
            return plain
        case Scalar(value=bool() | None):
            return None
        case Scalar(value=number):
            return str(number)
        case _:
            return None


def is_true(node: Node | None) -> bool:
    """Whether a node is ``true``, or the text of it."""
    return isinstance(node, Scalar) and (node.value is True or str(node.value).lower() == "true")


def member(node: Node | None, *path: str) -> Node | None:
    """What stands at the end of a path through objects."""
    for name in path:
        if not isinstance(node, Fields):
            return None
        node = node.members.get(name)
    return node


def members(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The members of an object; none of anything else."""
    if isinstance(node, Fields):
        yield from node.members.items()


def names_in(node: Node) -> Iterator[str]:
    """The names of all members in a node."""
    match node:
        case Items():
            for one in node.items:
                yield from names_in(one)
        case Fields():
            yield from node.members
            for one in node.members.values():
                yield from names_in(one)


def scalars(node: Node | None) -> Iterator[str]:
    """All texts in a node."""
    match node:
        case Scalar(value=str() as plain):
            yield plain
        case Items():
            for one in node.items:
                yield from scalars(one)
        case Fields():
            for one in node.members.values():
                yield from scalars(one)
