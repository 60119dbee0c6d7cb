"""How long a document is, without white space, against what AWS takes."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any, Final

from stockade.iam.validate.finding import Kind, Node
from stockade.iam.validate.resource_types import RESOURCE_TYPES
from stockade.iam.validate.sheet import Sheet
from stockade.value import Unknown, Value, parts_of

_CODES: Final = {
    Kind.IDENTITY: "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
    Kind.RESOURCE: "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
    Kind.TRUST: "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
    Kind.SCP: "POLICY_SIZE_EXCEEDS_SCP_QUOTA",
    Kind.RCP: "POLICY_SIZE_EXCEEDS_RCP_QUOTA",
}
_QUOTAS: Final = {Kind.IDENTITY: 10_240, Kind.TRUST: 2_048, Kind.SCP: 10_240, Kind.RCP: 5_120}
"""The quota of SCPs is the one since May 2026; before, it was 5,120."""

_LONGEST: Final = 4_000
"""Bits of a number whose text is made; Python refuses to make that of one with thousands of digits."""


def check(tree: Value[Any], sheet: Sheet) -> None:
    """Whether a document is longer than it may be; what is not known of it counts nothing."""
    most = quota(sheet.kind, sheet.resource_type)
    size = length(tree)
    if size > most:
        sheet.say(
            _CODES[sheet.kind],
            Node(tree, ()),
            f"the policy has {size:,} characters without white space, {size - most:,} more than AWS takes",
            "split it, or say the same with less",
        )


def quota(kind: Kind, resource_type: str) -> float:
    """How many characters a document of a kind may have; without end where AWS does not say."""
    if kind is not Kind.RESOURCE:
        return _QUOTAS[kind]
    own = RESOURCE_TYPES.get(resource_type)
    return own.quota if own is not None and own.quota else inf


def length(tree: Value[Any]) -> int:
    """The characters of a tree written as JSON without white space; of a text not known, those that are."""
    total = 0
    waiting: list[Value[Any]] = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Unknown):
            if value.text is not None:
                total += 2 + sum(_text(part) for part in parts_of(value) if isinstance(part, str))
            continue
        match value.value:
            case Mapping() as members:
                total += 2 + sum(_text(name) + 3 for name in members) + max(len(members) - 1, 0)
                waiting += members.values()
            case tuple() | list() as items:
                total += 2 + max(len(items) - 1, 0)
                waiting += items
            case str() as text:
                total += 2 + _text(text)
            case bool() as flag:
                total += 4 if flag else 5
            case None:
                total += 4
            case int() as number if number.bit_length() > _LONGEST:
                total += number.bit_length() // 4  # at least as many digits as that
            case other:
                total += len(str(other))
    return total


def _text(text: str) -> int:
    """The characters of a text without its white space, as AWS counts them."""
    return len(text) - sum(text.count(one) for one in " \t\n\r")
