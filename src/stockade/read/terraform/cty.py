"""Terraform's types over our values: what a list, a set, a map and an object are, and conversions.

Inside ``Known`` stand: ``None`` (null), ``bool``, ``int`` or ``Decimal`` (numbers are exact: ``int``
whenever integral), ``str``, and containers whose elements are values themselves, each with its own
origin:

    tuple     an HCL tuple, elements of any types          List(tuple)   a list, elements of one type
    Set       a set: unique, in Terraform's order           dict          an object
    Map(dict) a map, elements of one type

A conversion hands on the very same value wherever nothing has to change, so that origins survive.

Values are shared, not copied, so a few lines of ``[local.x, local.x]`` may stand for a billion elements:
whatever walks through a value spends a ``budget`` for it, the input's own where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from json import dumps
from typing import Any

from stockade.errors import StockadeError
from stockade.read.budget import Budget
from stockade.read.terraform.kinds import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    Primitive,
    SetOf,
    TupleOf,
    Type,
    is_open,
    unify_types,
)
from stockade.read.terraform.number import Number, number_text, read_number
from stockade.value import Hole, Known, Unknown, Value


class EvaluationError(StockadeError):
    """An expression Terraform itself would refuse: a wrong type, no such key. ``try`` catches it."""


class List(tuple):  # type: ignore[type-arg]  # subscripted, it would be slower to make
    """A list: a tuple whose elements have one type."""

    __slots__ = ()


class Set(tuple):  # type: ignore[type-arg]  # subscripted, it would be slower to make
    """A set: no element twice, in the order in which Terraform iterates."""

    __slots__ = ()


class Map(dict):  # type: ignore[type-arg]  # subscripted, it would be slower to make
    """A map: an object whose values have one type."""

    __slots__ = ()


# ------------------------------------------------------------------------------- the types of values


_OWN = (str, bool, int, Decimal, tuple, dict)
"""What Terraform's values are made of; anything else is an evaluator's own and is not converted."""

_PRIMITIVES: dict[type, Primitive] = {str: STRING, bool: BOOL, int: NUMBER, Decimal: NUMBER}


WALK = 500_000
"""How many elements one operation may walk through when no budget was handed to it."""


def type_of(value: Value[Any], budget: Budget | None = None) -> Type:
    """The type of a value as far as it is known; of a null and of an unknown, ``any``."""
    if isinstance(value, Unknown):
        # A reference of which nothing is known may be to a list as well as to a string.
        ref = value.ref
        return ANY if value.text is None or (ref is not None and ref.shape is None) else STRING
    inner = value.value
    primitive = _PRIMITIVES.get(inner.__class__)
    if primitive is not None:
        return primitive
    if not isinstance(inner, tuple | dict):
        # A kept document is text that remembers its structure; a whole resource is an evaluator's own.
        return STRING if isinstance(inner, str) else ANY
    budget = budget or Budget(WALK)
    budget.spend(len(inner))
    elements = inner.values() if isinstance(inner, dict) else inner
    types = [type_of(element, budget) for element in elements]
    match inner:
        case List():
            return ListOf(unify_types(types) or ANY)
        case Set():
            return SetOf(unify_types(types) or ANY)
        case tuple():
            return TupleOf(tuple(types))
        case Map():
            return MapOf(unify_types(types) or ANY)
        case _:
            return ObjectOf(dict(zip(inner, types, strict=True)))


def type_name(value: Value[Any]) -> str:
    """What messages call a value: ``string``, ``list of number``, ``object``, ``null``."""
    if isinstance(value, Known) and value.value is None:
        return "null"
    if isinstance(value, Known) and not isinstance(value.value, _OWN):
        return "a whole resource"
    return str(type_of(value))


def is_known_deep(value: Value[Any], budget: Budget | None = None) -> Unknown | None:
    """The first unknown in a value, itself or inside; ``None`` when everything is known."""
    if isinstance(value, Unknown):
        return value
    inner = value.value
    if not isinstance(inner, tuple | dict):
        return None
    budget = budget or Budget(WALK)
    budget.spend(len(inner))
    for element in inner.values() if isinstance(inner, dict) else inner:
        found = is_known_deep(element, budget)
        if found is not None:
            return found
    return None


# --------------------------------------------------------------------------------------- conversion


def unify(values: Sequence[Value[Any]], budget: Budget | None = None) -> list[Value[Any]]:
    """All values converted to their one type, as a list or a conditional needs it; may raise."""
    budget = budget or Budget(WALK)
    types = [type_of(value, budget) for value in values]
    kind = unify_types(types)
    if kind is None:
        named = ", ".join(dict.fromkeys(str(each) for each in types if each is not ANY))
        raise EvaluationError(f"all of these must have one type, but they are {named}")
    return list(values) if kind is ANY else [convert(value, kind, budget) for value in values]


def convert(value: Value[Any], kind: Type, budget: Budget | None = None) -> Value[Any]:
    """A value as one of another type; raises ``EvaluationError`` where Terraform refuses.

    Unknown values and nulls stay what they are, also inside containers. ``any`` inside a collection
    type stands for whatever single type the elements have in common.
    """
    if kind is ANY or isinstance(value, Unknown):
        return value
    inner = value.value
    if inner is None:
        return value
    if isinstance(kind, Primitive):
        return _primitive(value, kind)
    if not isinstance(inner, _OWN):
        return value
    budget = budget or Budget(WALK)
    if isinstance(inner, tuple):
        return _ordered(value, inner, kind, budget)
    if isinstance(inner, dict):
        return _named(value, inner, kind, budget)
    raise _refusal(kind, value)


def _ordered(value: Known[Any], inner: tuple[Value[Any], ...], kind: Type, budget: Budget) -> Known[Any]:
    budget.spend(len(inner))
    match kind:
        case ListOf(element):
            if inner.__class__ is List and element is ANY:
                return value
            return _same(value, List(_elements(inner, element, budget)))
        case SetOf(element):
            if inner.__class__ is Set and element is ANY:
                return value
            return _same(value, make_set(_elements(inner, element, budget), budget))
        case TupleOf(items) if inner.__class__ is tuple and len(inner) == len(items):
            return _same(value, tuple([convert(*pair, budget) for pair in zip(inner, items, strict=True)]))
        case _:
            raise _refusal(kind, value)


def _named(value: Known[Any], inner: dict[str, Value[Any]], kind: Type, budget: Budget) -> Known[Any]:
    budget.spend(len(inner))
    match kind:
        case MapOf(element):
            if inner.__class__ is Map and element is ANY:
                return value
            return _same(value, Map(zip(inner, _elements(tuple(inner.values()), element, budget), strict=True)))
        case ObjectOf():
            return _same(value, _object(inner, kind, budget))
        case _:
            raise _refusal(kind, value)


def _same(value: Known[Any], made: Any) -> Known[Any]:
    """The value itself where converting it changed nothing, for its identity and its origin."""
    inner = value.value
    if made.__class__ is inner.__class__ and len(made) == len(inner):
        if isinstance(made, dict):
            if all(inner.get(name) is item for name, item in made.items()):
                return value
        elif all(map(_identical, made, inner)):
            return value
    return Known(made, value.origin, value.ref)


def _identical(one: object, other: object) -> bool:
    return one is other


def _elements(values: tuple[Value[Any], ...], kind: Type, budget: Budget) -> Sequence[Value[Any]]:
    if kind is ANY:
        return unify(values, budget)
    converted = [convert(value, kind, budget) for value in values]
    return unify(converted, budget) if is_open(kind) else converted


def _object(attributes: Mapping[str, Value[Any]], kind: ObjectOf, budget: Budget) -> dict[str, Value[Any]]:
    made: dict[str, Value[Any]] = {}
    for name, wanted in kind.attributes.items():
        given = attributes.get(name)
        default = kind.optional.get(name)
        if given is None and default is None:
            raise EvaluationError(f"attribute `{name}` is required")
        if default is not None and (given is None or (isinstance(given, Known) and given.value is None)):
            given = default
        assert given is not None  # noqa: S101  one of the two branches above supplied it
        try:
            made[name] = convert(given, wanted, budget)
        except EvaluationError as error:
            raise EvaluationError(f"attribute `{name}`: {error.message}") from None
    return made


def _primitive(value: Known[Any], kind: Primitive) -> Known[Any]:
    inner = value.value
    if _PRIMITIVES.get(inner.__class__) is kind or (kind is STRING and isinstance(inner, str)):
        return value
    made: str | Number | bool
    if kind is STRING:
        made = to_text(value)
    elif kind is NUMBER:
        made = to_number(value)
    else:
        made = to_bool(value)
    return Known(made, value.origin, value.ref)


def to_text(value: Known[Any]) -> str:
    """A known primitive as Terraform writes it into a string."""
    inner = value.value
    if isinstance(inner, str):
        return inner
    if isinstance(inner, bool):
        return "true" if inner else "false"
    if isinstance(inner, int | Decimal):
        return number_text(inner)
    raise _refusal(STRING, value)


def to_number(value: Known[Any]) -> Number:
    """A known number, or the number a string spells."""
    inner = value.value
    if isinstance(inner, int | Decimal) and not isinstance(inner, bool):
        return inner
    number = read_number(inner) if isinstance(inner, str) else None
    if number is None:
        raise _refusal(NUMBER, value)
    return number


def to_bool(value: Known[Any]) -> bool:
    """A known bool, or the bool a string spells: ``true``, ``false``, ``1`` or ``0``."""
    inner = value.value
    if isinstance(inner, bool):
        return inner
    if isinstance(inner, str) and inner in ("true", "1"):
        return True
    if isinstance(inner, str) and inner in ("false", "0"):
        return False
    raise _refusal(BOOL, value)


def _refusal(kind: Type, value: Known[Any]) -> EvaluationError:
    article = "an" if str(kind)[0] in "aeio" else "a"
    return EvaluationError(f"{article} {kind} is required, and this is {type_name(value)}")


# ------------------------------------------------------------------------------- equality and order


def equal(one: Value[Any], other: Value[Any], budget: Budget | None = None) -> bool | None:
    """Whether two values are the same, types included; ``None`` when what is unknown could matter."""
    if one is other:
        return True
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return _equal_unknown(one, other)
    left, right = one.value, other.value
    if isinstance(left, tuple | dict):
        budget = budget or Budget(WALK)
        if left.__class__ is not right.__class__:
            return False
        if left.__class__ is Set and (is_known_deep(one, budget) or is_known_deep(other, budget)):
            return None
        if len(left) != len(right):
            return False
        budget.spend(len(left))
        if isinstance(left, dict):
            return _all(name in right and equal(item, right[name], budget) for name, item in left.items())
        return _all(equal(item, twin, budget) for item, twin in zip(left, right, strict=True))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def _all(answers: Iterable[bool | None]) -> bool | None:
    sure: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            sure = None
    return sure


def _equal_unknown(one: Value[Any], other: Value[Any]) -> bool | None:
    if _untyped(one) or _untyped(other):
        return None
    left, right = _pieces(one), _pieces(other)
    if left is None or right is None:
        # A variable that nobody set may be set to null; text with a known piece never is.
        bare = left if right is None else right
        nothing = any(isinstance(value, Known) and value.value is None for value in (one, other))
        return None if nothing and bare is not None and len(bare) == 1 and isinstance(bare[0], Hole) else False
    if isinstance(one, Unknown) and isinstance(other, Unknown) and one.text == other.text:
        return True
    if _clash(left[0], right[0], str.startswith) or _clash(left[-1], right[-1], str.endswith):
        return False
    for value, pieces in ((one, right), (other, left)):
        if isinstance(value, Known) and not _fits(value.value, pieces):
            return False
    return None


def _untyped(value: Value[Any]) -> bool:
    return isinstance(value, Unknown) and value.text is None


def _pieces(value: Value[Any]) -> tuple[str | Hole, ...] | None:
    """A value as pieces of text, if it is text; references by their shape."""
    if isinstance(value, Unknown):
        return (value.text.shape() if value.text is not None else ()) or ("",)
    return (value.value,) if isinstance(value.value, str) else None


def _clash(one: object, other: object, within: Callable[[str, str], bool]) -> bool:
    if not (isinstance(one, str) and isinstance(other, str)):
        return False
    return not (within(one, other) or within(other, one))


def _fits(text: str, pieces: Sequence[str | Hole]) -> bool:
    """Whether known text could be these pieces with something in the holes."""
    at, end = 0, len(text)
    if isinstance(pieces[-1], str):
        if not text.endswith(pieces[-1]):
            return False
        end -= len(pieces[-1])
        pieces = pieces[:-1]
    for number, piece in enumerate(pieces):
        if isinstance(piece, str):
            found = text.find(piece, at, end)
            if found < 0 or (number == 0 and found > 0):
                return False
            at = found + len(piece)
    return at <= end


def make_set(values: Iterable[Value[Any]], budget: Budget | None = None) -> Set:
    """The elements without repetition, in Terraform's order; unknown ones stand last."""
    budget = budget or Budget(WALK)
    known: dict[tuple[int, Any], Value[Any]] = {}
    unsettled: list[Value[Any]] = []
    for value in values:
        if is_known_deep(value, budget) is None:
            known.setdefault(_rank(value, budget), value)
        else:
            budget.spend(len(unsettled))
            if not any(equal(value, other, budget) for other in unsettled):
                unsettled.append(value)
    return Set([*(known[rank] for rank in sorted(known)), *unsettled])


def _rank(value: Value[Any], budget: Budget) -> tuple[int, Any]:
    """Where a known value stands in a set: bools, numbers and text by value, the rest as if printed."""
    inner = value.value if isinstance(value, Known) else None
    if inner is None:
        return 4, 0
    if isinstance(inner, bool):
        return 0, inner
    if isinstance(inner, int | Decimal):
        return 1, inner
    if isinstance(inner, str):
        return 2, str(inner)
    return 3, _printed(value, budget)


def _printed(value: Value[Any], budget: Budget) -> str:
    """What decides the order of containers in a set; each part ends in a semicolon, a null comes last."""
    if not isinstance(value, Known) or value.value is None:
        return "~"
    inner = value.value
    if isinstance(inner, str):
        return dumps(inner, ensure_ascii=False)
    if isinstance(inner, dict):
        budget.spend(len(inner))
        return "{" + "".join(f'"{name}":{_printed(inner[name], budget)};' for name in sorted(inner)) + "}"
    if isinstance(inner, tuple):
        budget.spend(len(inner))
        return "[" + "".join(f"{_printed(item, budget)};" for item in inner) + "]"
    return to_text(value) if isinstance(inner, _OWN) else f"<{getattr(inner, 'address', '')}>"
