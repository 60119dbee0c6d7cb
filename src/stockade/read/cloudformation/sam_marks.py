"""Nodes as the plain Python values that the SAM translator works on, and back, without losing places.

Texts, numbers, lists and objects are subclasses that remember the node they came from and keep it when
they are copied. Truth values and nulls cannot be: those are found again by their name.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from stockade.read.cloudformation.nodes import Fields, Items, Node, Scalar


class _Text(str):
    node: Node

    def __deepcopy__(self, memo: object) -> _Text:
        return self

    def moved(self, text: str) -> _Text:
        """Another text in this one's place."""
        made = _Text(text)
        made.node = self.node
        return made


class _Whole(int):
    node: Node

    def __deepcopy__(self, memo: object) -> _Whole:
        return self


class _Fraction(float):
    node: Node

    def __deepcopy__(self, memo: object) -> _Fraction:
        return self


class _Object(dict[str, Any]):
    node: Node

    def __deepcopy__(self, memo: Any) -> _Object:
        made = _Object((name, copy.deepcopy(value, memo)) for name, value in self.items())
        made.node = self.node
        return made

    def __copy__(self) -> _Object:
        made = _Object(self)
        made.node = self.node
        return made

    def copy(self) -> _Object:
        return self.__copy__()


class _List(list[Any]):
    node: Node

    def __deepcopy__(self, memo: Any) -> _List:
        made = _List(copy.deepcopy(value, memo) for value in self)
        made.node = self.node
        return made

    def __copy__(self) -> _List:
        made = _List(self)
        made.node = self.node
        return made


def marked(node: Node) -> Any:
    """A node as a plain value that knows it."""
    made: Any
    match node:
        case Fields():
            made = _Object()
            for name, inner in node.members.items():
                key = _Text(name)
                place = node.keys.get(name, (inner.start, inner.end))
                key.node = Scalar(node.source, *place, name)
                made[key] = marked(inner)
        case Items():
            made = _List(marked(one) for one in node.items)
        case Scalar(value=str() as text):
            made = _Text(text)
        case Scalar(value=bool() | None):
            return node.value
        case Scalar(value=int() as whole):
            made = _Whole(whole)
        case _:
            if node.value == int(node.value):  # type: ignore[arg-type]  # a decimal is what is left
                made = _Whole(int(node.value))
            else:
                made = _Fraction(float(node.value))  # type: ignore[arg-type]  # likewise
    made.node = node
    return made


def node_of(value: Any) -> Node | None:
    """The node that a value came from."""
    node: Node | None = getattr(value, "node", None)
    return node


Hint = Callable[[str, Any], Node | None]
"""Where a member of an object was caused, by its name and value; ``None`` where that is not known."""


def unmarked(value: Any, near: Node, hint: Hint | None = None) -> Node:
    """A value as a node again. What has no place of its own is at ``near``, or where ``hint`` says."""
    own = node_of(value)
    where = own if own is not None else near
    place = where.source, where.start, where.end
    match value:
        case Mapping():
            members: dict[str, Node] = {}
            keys: dict[str, tuple[int, int]] = {}
            for name, inner in value.items():
                at = node_of(name) or (hint(name, inner) if hint else None) or _found(own, name, inner) or where
                members[str(name)] = unmarked(inner, at)
                if at.source is where.source:
                    keys[str(name)] = at.start, at.end
            return Fields(*place, members, keys)
        case str():
            return Scalar(*place, str(value))
        case bool() | None:
            return Scalar(*place, value)
        case int():
            return Scalar(*place, int(value))
        case float() | Decimal():
            return Scalar(*place, Decimal(str(value)))
        case Iterable():
            return Items(*place, [unmarked(one, _within(one) or where) for one in value])
        case _:
            return Scalar(*place, str(value))


def _within(element: Any) -> Node | None:
    """The place of an object in a list that SAM put together: that of the first thing in it which has one."""
    if not isinstance(element, Mapping) or node_of(element) is not None:
        return None
    return next((found for one in element.values() if (found := node_of(one)) is not None), None)


def _found(own: Node | None, name: str, value: Any) -> Node | None:
    """A truth value or null of an object, where the object that it came from has it under its name."""
    if isinstance(own, Fields) and (value is None or isinstance(value, bool)):
        found = own.members.get(name)
        if isinstance(found, Scalar) and found.value is value:
            return found
    return None
