"""Condition operators: what each compares, and what it says of a key that is absent or has several values.

From AWS's "IAM JSON policy elements: Condition operators" and "Conditions with multiple context keys or
values" (IAM User Guide). What it comes to:

- a positive operator is false for a key that is not in the request, a negated one true; ``...IfExists``
  is true, ``ForAllValues`` true, ``ForAnyValue`` false;
- values of the policy are joined by *or* for a positive operator and by *nor* for a negated one;
- ``ForAllValues`` and ``ForAnyValue`` ask this of each value of the request; to them one empty text is
  no value, and to all operators a key without values is one that is not there.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Final, Literal, TypeAlias, TypeVar

from stockade.memory import remembered
from stockade.patterns import lazy_regex
from stockade.records import dataclass


class Kind(Enum):
    """What an operator compares."""

    STRING = "string"
    ARN = "arn"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    BINARY = "binary"
    ADDRESS = "address"
    PRESENCE = "presence"


class Order(Enum):
    """How two numbers or dates have to stand to one another."""

    EQUAL = "="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator as written. ``wild`` says that values have wildcards, ``fold`` that case is ignored."""

    name: str
    kind: Kind
    negated: bool = False
    wild: bool = False
    fold: bool = False
    order: Order = Order.EQUAL
    quantifier: Literal["", "all", "any"] = ""
    if_exists: bool = False

    def when_absent(self) -> bool:
        """What it says of a key that is not in the request; ``Null`` is asked elsewhere."""
        if self.if_exists or self.quantifier == "all":
            return True
        return self.negated and self.quantifier != "any"


def _of_order(prefix: str, kind: Kind) -> list[Operator]:
    return [
        Operator(f"{prefix}Equals", kind),
        Operator(f"{prefix}NotEquals", kind, negated=True),
        Operator(f"{prefix}LessThan", kind, order=Order.LESS),
        Operator(f"{prefix}LessThanEquals", kind, order=Order.LESS_OR_EQUAL),
        Operator(f"{prefix}GreaterThan", kind, order=Order.GREATER),
        Operator(f"{prefix}GreaterThanEquals", kind, order=Order.GREATER_OR_EQUAL),
    ]


OPERATORS: Final = (
    Operator("StringEquals", Kind.STRING),
    Operator("StringNotEquals", Kind.STRING, negated=True),
    Operator("StringEqualsIgnoreCase", Kind.STRING, fold=True),
    Operator("StringNotEqualsIgnoreCase", Kind.STRING, negated=True, fold=True),
    Operator("StringLike", Kind.STRING, wild=True),
    Operator("StringNotLike", Kind.STRING, negated=True, wild=True),
    *_of_order("Numeric", Kind.NUMBER),
    *_of_order("Date", Kind.DATE),
    Operator("Bool", Kind.BOOLEAN, fold=True),
    Operator("BinaryEquals", Kind.BINARY),
    Operator("IpAddress", Kind.ADDRESS),
    Operator("NotIpAddress", Kind.ADDRESS, negated=True),
    Operator("ArnEquals", Kind.ARN, wild=True),
    Operator("ArnLike", Kind.ARN, wild=True),
    Operator("ArnNotEquals", Kind.ARN, negated=True, wild=True),
    Operator("ArnNotLike", Kind.ARN, negated=True, wild=True),
    Operator("Null", Kind.PRESENCE),
)
_BY_NAME: Final = {one.name.lower(): one for one in OPERATORS}
_QUANTIFIERS: Final[dict[str, Literal["", "all", "any"]]] = {"forallvalues": "all", "foranyvalue": "any"}


@remembered(1024)
def operator(written: str) -> Operator | None:
    """The operator behind ``ForAnyValue:StringLikeIfExists`` and its like, in any case; ``None`` for none."""
    prefix, colon, rest = written.lower().rpartition(":")
    quantifier = _QUANTIFIERS.get(prefix) if colon else ""
    if quantifier is None:
        return None
    name = rest.removesuffix("ifexists")
    found = _BY_NAME.get(name)
    if found is None:
        return None
    exists = name != rest
    return Operator(
        found.name, found.kind, found.negated, found.wild, found.fold, found.order, quantifier, exists
    )


# ------------------------------------------------------------------------------------- comparisons

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


_NUMBER: Final = lazy_regex(r"[+-]?(?:\d{1,200}(?:\.\d{0,200})?|\.\d{1,200})(?:[eE][+-]?\d{1,2})?", re.ASCII)
"""Numbers of a size that can be reckoned with exactly, and written out."""


@remembered(1 << 12)
def number(text: str) -> Decimal | None:
    """A number as policies and requests write it; ``None`` where it is none."""
    return Decimal(text.strip()) if _NUMBER.fullmatch(text.strip()) else None


_EPOCH: Final = lazy_regex(r"-?\d{1,18}(?:\.\d{1,9})?", re.ASCII)


@remembered(1 << 12)
def moment(text: str) -> Decimal | None:
    """Seconds since 1970 of an ISO 8601 date or of seconds as they are; ``None`` where it is neither."""
    if _EPOCH.fullmatch(text):
        return Decimal(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return Decimal(str(found.timestamp()))


@remembered(1 << 12)
def network(text: str) -> Network | None:
    """An address or a range of them; ``None`` where it is neither."""
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


@remembered(1 << 12)
def address(text: str) -> Address | None:
    """One address; ``None`` where it is none."""
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None


def stands(order: Order, one: Decimal, other: Decimal) -> bool:
    """Whether the request's number stands to the policy's as an operator asks."""
    match order:
        case Order.EQUAL:
            return one == other
        case Order.LESS:
            return one < other
        case Order.LESS_OR_EQUAL:
            return one <= other
        case Order.GREATER:
            return one > other
        case Order.GREATER_OR_EQUAL:
            return one >= other


def compare(operator: Operator, policy: str, request: str) -> bool | None:
    """Whether a value of the policy agrees with one of the request, negation left aside.

    For kinds that are no text. ``None`` where the request's value is not of the kind: AWS does not say
    what comes of that. A policy's value that is not of the kind agrees with nothing.
    """
    match operator.kind:
        case Kind.NUMBER:
            return _ordered(operator.order, number(policy), number(request))
        case Kind.DATE:
            return _ordered(operator.order, moment(policy), moment(request))
        case Kind.ADDRESS:
            wanted, found = network(policy), address(request)
            if found is None:
                return None
            return wanted is not None and wanted.version == found.version and found in wanted
        case _:
            return policy == request


def _ordered(order: Order, policy: Decimal | None, request: Decimal | None) -> bool | None:
    if request is None:
        return None
    return policy is not None and stands(order, request, policy)


V = TypeVar("V")


def seen_by(operator: Operator, values: tuple[V, ...] | None) -> tuple[V, ...] | None:
    """The values of a key as an operator sees them: ``None`` where there are none to it."""
    if not values or (operator.quantifier and values == ("",)):
        return None
    return values


def over(operator: Operator, answers: Sequence[bool | None]) -> bool | None:
    """What an operator says of all values of a request, from what holds of each, negation left aside.

    Without a quantifier a positive operator is content with one value, and a negated one wants none.
    """
    if operator.negated:
        each = [None if one is None else not one for one in answers]
        return _any(each) if operator.quantifier == "any" else _all(each)
    return _all(answers) if operator.quantifier == "all" else _any(answers)


def _any(answers: Sequence[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False


def _all(answers: Sequence[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True
