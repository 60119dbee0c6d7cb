"""Where an expression stands: the scope of its names, its file, and how values are looked into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from stockade.errors import BudgetExceeded
from stockade.read.budget import Budget
from stockade.read.files import Tree
from stockade.read.terraform import tree as t
from stockade.read.terraform.cty import EvaluationError, Set, to_number, to_text, type_name
from stockade.source import Source, Span
from stockade.value import Known, Origin, Ref, Text, Unknown, Value, Written, is_sensitive, sensitive


class Scope(Protocol):
    """What root names mean where an expression stands; a module instance is one."""

    via: tuple[Span, ...]
    directory: str
    files: Tree
    budget: Budget

    def resolve(self, name: str, steps: list[t.GetAttr | t.Index], frame: Frame) -> tuple[Value[Any], int]:
        """The value behind a root name and how many of the steps after it were taken to find it."""
        ...


class Lazy:
    """A value whose attributes are computed on demand: a resource instance, a module."""

    __slots__ = ()
    address: str

    def attribute(self, name: str) -> Value[Any]:
        """One attribute's value; never raises for a name that does not exist before deployment."""
        raise NotImplementedError


class Missing(Lazy):
    """A module that cannot be read: every output is unknown, with the reason."""

    __slots__ = ("address", "origin", "reason")

    def __init__(self, address: str, reason: str, origin: Origin) -> None:
        self.address = address
        self.reason = reason
        self.origin = origin

    def attribute(self, name: str) -> Value[Any]:
        return Unknown(self.reason, self.origin, Text((Ref(self.address, name),)))


class Nested(dict[str, Value[Any]]):
    """A nested block as an object: what nobody wrote in it, the provider may fill in."""

    __slots__ = ()


class Frame:
    """Where an expression is evaluated: the scope of root names, the file, and local names."""

    __slots__ = ("names", "scope", "source")

    def __init__(self, scope: Scope, source: Source, names: Mapping[str, Value[Any]]) -> None:
        self.scope = scope
        self.source = source
        self.names = names

    def origin(self, node: t.Node) -> Written:
        return Written(Span(self.source, node.start, node.end), self.scope.via)

    def bind(self, names: Mapping[str, Value[Any]]) -> Frame:
        return Frame(self.scope, self.source, {**self.names, **names})


MOST_ELEMENTS = 500_000
"""Elements, at any depth, of values that are looked at whole."""


def weigh(*values: Value[Any]) -> None:
    """Refuse values that share their parts so often that looking at them whole would never end."""
    stack = [value for value in values if isinstance(value, Known)]
    seen = 0
    while stack:
        inner = stack.pop().value
        if isinstance(inner, dict):
            inner = inner.values()
        elif not isinstance(inner, tuple):
            continue
        seen += len(inner)
        if seen > MOST_ELEMENTS:
            raise BudgetExceeded(f"a value has more than {MOST_ELEMENTS:,} elements")
        stack += [one for one in inner if isinstance(one, Known) and isinstance(one.value, tuple | dict)]


def pairs(collection: Known[Any]) -> Iterable[tuple[Value[Any], Value[Any]]]:
    """Keys and values in the order in which Terraform iterates."""
    match collection.value:
        case Set() as items:
            return [(item, item) for item in items]
        case tuple() as items:
            return [(Known(index, collection.origin), item) for index, item in enumerate(items)]
        case dict() as items:
            return [(Known(key, collection.origin), items[key]) for key in sorted(items)]
        case None:
            raise EvaluationError("a null value cannot be iterated over")
        case _:
            raise EvaluationError(f"{type_name(collection)} cannot be iterated over")


def sure_pairs(collection: Value[Any]) -> Iterable[tuple[Value[Any] | None, Value[Any]]]:
    """Keys and values as far as they are known; ``None`` for a key stands for zero or more elements.

    At which place of a list with an open end an element is nobody knows, nor whether it is a set.
    """
    if isinstance(collection, Known):
        yield from pairs(collection)
    elif collection.open is None:
        yield None, Unknown(collection.reason, collection.origin)
    elif isinstance(collection.open.items, dict):
        for name in sorted(collection.open.items):
            yield Known(name, collection.origin), collection.open.items[name]
        yield None, Unknown(collection.reason, collection.origin)
    else:
        place = Unknown(collection.reason, collection.origin)
        for item in collection.open.items:
            yield (None if is_end(item) else place), item


def is_end(item: Value[Any]) -> bool:
    """Whether an element of a list with an open end stands for zero or more."""
    return isinstance(item, Unknown) and item.text is None and item.open is None


def attribute(target: Value[Any], name: str, frame: Frame, step: t.Node) -> Value[Any]:
    """``target.name``, without a place where nobody asks for it."""
    if isinstance(target, Known) and isinstance(target.value, Lazy):
        return target.value.attribute(name)
    return get(target, name, frame.origin(step))


def get(target: Value[Any], key: str | Value[Any], origin: Origin) -> Value[Any]:
    """``target.key`` or ``target[key]``; raises ``EvaluationError`` where there is no such element."""
    if isinstance(key, Unknown):
        return Unknown(key.reason, key.origin)
    plain: Any = key if isinstance(key, str) else key.value
    if isinstance(target, Unknown):
        return _deeper(target, plain, origin)
    container = target.value
    if isinstance(container, Lazy):
        return container.attribute(str(plain))
    if isinstance(container, dict):
        name = plain if isinstance(plain, str) else to_text(Known(plain, origin))
        found = container.get(name)
        if found is None:
            if isinstance(container, Nested):
                return Unknown(f"`{name}` of a nested block is known only after deployment", origin)
            raise EvaluationError(f"there is no element `{name}`")
        return sensitive(found) if is_sensitive(target) else found
    if isinstance(container, Set):
        raise EvaluationError("a set has no elements by index")
    if isinstance(container, tuple):
        index = plain if isinstance(plain, int) else to_number(Known(plain, origin))
        if isinstance(index, bool) or index != int(index) or not 0 <= index < len(container):
            raise EvaluationError(f"there is no element {index}")
        item = container[int(index)]
        return sensitive(item) if is_sensitive(target) else item
    if container is None:
        raise EvaluationError("a null value has no elements")
    raise EvaluationError(f"{type_name(target)} has no elements")


def _deeper(target: Unknown, key: Any, origin: Origin) -> Unknown:
    ref = target.ref
    if ref is None:
        return Unknown(target.reason, target.origin)
    return Unknown(target.reason, origin, Text((Ref(ref.address, f"{ref.attribute}.{key}"),)))
