"""Nodes that the Framework makes, each at the place of what made it, and nodes looked into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from stockade.read.cloudformation.intrinsics import LATER
from stockade.read.cloudformation.nodes import Fields, Items, Node, Scalar
from stockade.source import Span

ABSENT: Final = object()
"""Stands in an object for a member that is left out."""


def made(value: Any, at: Span) -> Node:
    """A value as nodes at one place; what are nodes already keep theirs. ``ABSENT`` members are left out."""
    match value:
        case Scalar() | Items() | Fields():
            return value
        case Mapping():
            inner = {name: made(one, at) for name, one in value.items() if one is not ABSENT}
            return Fields(at.source, at.start, at.end, inner, {})
        case list() | tuple():
            return Items(at.source, at.start, at.end, [made(one, at) for one in value])
        case _:
            return Scalar(at.source, at.start, at.end, value)


def later(reason: str, at: Span, hole: str = "") -> Node:
    """A value that only deployment, or a program, knows; ``hole`` is what a person calls it."""
    return made({LATER: [reason, hole] if hole else reason}, at)


def joined(pieces: Sequence[Any], at: Span) -> Node:
    """A text of pieces."""
    return made({"Fn::Join": ["", list(pieces)]}, at)


def arn(*pieces: Any, at: Span) -> Node:
    """An ARN of the deployment's own partition; what follows ``arn:PARTITION:``."""
    return joined(["arn:", {"Ref": "AWS::Partition"}, ":", *pieces], at)


def or_absent(node: Node | None) -> Any:
    """A node, left out where there is none or it is null."""
    return ABSENT if node is None or is_null(node) else node


def is_null(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.value is None


def items(node: Node | None) -> Sequence[Node]:
    """The elements of a list; a single value is a list of it, and nothing is none."""
    if node is None or is_null(node):
        return ()
    return node.items if isinstance(node, Items) else (node,)


def listed(node: Node | None) -> Iterator[Node]:
    """The elements of a list, and of lists in it."""
    for one in items(node):
        if isinstance(one, Items):
            yield from listed(one)
        else:
            yield one


def is_known(node: Node | None) -> bool:
    """Whether a node is a value that is there, and no call of a function."""
    return node is not None and not (isinstance(node, Fields) and node.function() is not None)


def is_later(node: Node | None) -> bool:
    """Whether a node stands for what is not known."""
    return isinstance(node, Fields) and LATER in node.members
