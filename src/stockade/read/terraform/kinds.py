"""Terraform's types themselves, and the one type that several of them convert to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, TypeAlias

from stockade.records import dataclass
from stockade.value import Value


@dataclass(frozen=True, slots=True)
class Primitive:
    """``string``, ``number``, ``bool``; and ``any``, which in a value's type means "not known yet"."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListOf:
    element: Type

    def __str__(self) -> str:
        return f"list of {self.element}"


@dataclass(frozen=True, slots=True)
class SetOf:
    element: Type

    def __str__(self) -> str:
        return f"set of {self.element}"


@dataclass(frozen=True, slots=True)
class MapOf:
    element: Type

    def __str__(self) -> str:
        return f"map of {self.element}"


@dataclass(frozen=True, slots=True)
class TupleOf:
    items: tuple[Type, ...]

    def __str__(self) -> str:
        return "tuple"


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """``optional`` holds the attributes that may be missing, with the value they then have."""

    attributes: Mapping[str, Type]
    optional: Mapping[str, Value[Any]] = field(default_factory=dict)

    def __str__(self) -> str:
        return "object"


Type: TypeAlias = Primitive | ListOf | SetOf | MapOf | TupleOf | ObjectOf

STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
ANY = Primitive("any")

# --------------------------------------------------------------------------------------- unification


def unify_types(types: Iterable[Type]) -> Type | None:
    """The one type all of these convert to without loss, or ``None``. ``any`` fits everything."""
    distinct: list[Type] = []
    for kind in types:
        if kind is not ANY and kind not in distinct:
            distinct.append(kind)
    if not distinct:
        return ANY
    if len(distinct) == 1:
        return distinct[0]
    if all(isinstance(kind, ObjectOf | MapOf) for kind in distinct):
        return _unify_named(distinct)
    if all(isinstance(kind, TupleOf | ListOf) for kind in distinct):
        return _unify_ordered(distinct)
    if all(isinstance(kind, TupleOf | ListOf | SetOf) for kind in distinct):
        return _unify_sets(distinct)
    return next((kind for kind in distinct if all(_converts(other, kind) for other in distinct)), None)


def _unify_named(kinds: Sequence[Type]) -> Type | None:
    objects = [kind for kind in kinds if isinstance(kind, ObjectOf)]
    if len(objects) == len(kinds) and all(
        kind.attributes.keys() == objects[0].attributes.keys() for kind in objects
    ):
        attributes = {
            name: unify_types(kind.attributes[name] for kind in objects) for name in objects[0].attributes
        }
        return _complete(ObjectOf, attributes)
    elements = [kind.element for kind in kinds if isinstance(kind, MapOf)]
    elements += [kind for each in objects for kind in each.attributes.values()]
    element = unify_types(elements)
    return None if element is None else MapOf(element)


def _complete(make: type[ObjectOf], attributes: Mapping[str, Type | None]) -> ObjectOf | None:
    whole = {name: kind for name, kind in attributes.items() if kind is not None}
    return make(whole) if len(whole) == len(attributes) else None


def _unify_ordered(kinds: Sequence[Type]) -> Type | None:
    tuples = [kind.items for kind in kinds if isinstance(kind, TupleOf)]
    if len(tuples) == len(kinds) and len({len(items) for items in tuples}) == 1:
        items = [unify_types(column) for column in zip(*tuples, strict=True)]
        whole = tuple(item for item in items if item is not None)
        return TupleOf(whole) if len(whole) == len(items) else None
    elements = [kind.element for kind in kinds if isinstance(kind, ListOf)]
    elements += [kind for items in tuples for kind in items]
    element = unify_types(elements)
    return None if element is None else ListOf(element)


def _unify_sets(kinds: Sequence[Type]) -> Type | None:
    """Sets among lists or tuples: beside lists they become lists, beside tuples the tuples become sets.

    The elements of what gives way do not count; whether they fit, the conversion finds out.
    """
    in_lists = unify_types(kind.element for kind in kinds if isinstance(kind, ListOf))
    in_sets = unify_types(kind.element for kind in kinds if isinstance(kind, SetOf))
    if in_lists is None or in_sets is None:
        return None
    if any(isinstance(kind, TupleOf) for kind in kinds):
        wide = unify_types((in_lists, in_sets))
        return None if wide is None else SetOf(wide)
    if not any(isinstance(kind, ListOf) for kind in kinds):
        return SetOf(in_sets)
    target = ListOf(in_sets if in_lists is ANY else in_lists)
    return target if _converts(SetOf(in_sets), target) else None


def is_open(kind: Type) -> bool:
    """Whether a type has an ``any`` in it, so that it is not wholly decided."""
    match kind:
        case Primitive():
            return kind is ANY
        case ListOf(element) | SetOf(element) | MapOf(element):
            return is_open(element)
        case TupleOf(items):
            return any(map(is_open, items))
        case ObjectOf(attributes):
            return any(map(is_open, attributes.values()))


def _converts(kind: Type, target: Type) -> bool:
    """Whether every value of a type is also one of the other: what conversion without loss allows."""
    if target is ANY or kind is ANY or kind == target:
        return True
    match kind, target:
        case (Primitive(), Primitive()):
            return target is STRING
        case (ListOf(inner) | SetOf(inner), ListOf(element)) | (SetOf(inner), SetOf(element)):
            return _converts(inner, element)
        case (MapOf(inner), MapOf(element)):
            return _converts(inner, element)
        case (TupleOf(items), ListOf(element) | SetOf(element)):
            return all(_converts(item, element) for item in items)
        case (TupleOf(items), TupleOf(others)):
            return len(items) == len(others) and all(map(_converts, items, others))
        case (ObjectOf(attributes), MapOf(element)):
            return all(_converts(item, element) for item in attributes.values())
        case (ObjectOf(attributes), ObjectOf(others)):
            return all(
                name in attributes and _converts(attributes[name], other) for name, other in others.items()
            )
        case _:
            return False
