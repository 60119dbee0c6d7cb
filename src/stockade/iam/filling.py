"""A policy as it may be once deployed: every piece of text that nobody knows yet has become one of its own."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import Any, Final, TypeVar, overload

from stockade.iam.match import Shape
from stockade.iam.policy import Condition, Document, Principal, Statement, Strings
from stockade.value import Hole, Known, Text, Unknown, Value

T = TypeVar("T")

EXAMPLE_ACCOUNT: Final = "111122223333"
"""The account of AWS's own examples, which is nobody's."""
_TEXTS: Final = {"account": EXAMPLE_ACCOUNT, "partition": "aws", "region": "us-east-1"}


@overload
def filled(value: Shape) -> Shape: ...
@overload
def filled(value: Value[Document] | Document) -> Value[Document]: ...
def filled(value: Any) -> Any:
    """The same with all holes filled in: those of one name alike, those of different names differently.

    What is not known at all stays unknown. Whatever is decided of the result is true of one deployment,
    and of every one in which no two names happen to be the same.
    """
    match value:
        case Document():
            return Known(_document(value), value.origin)
        case Known(Document() as document, origin):
            return Known(_document(document), origin)
        case tuple():
            return ("".join(map(_text, value)),) if value else ()
        case _:
            return value


def _text(piece: str | Hole) -> str:
    if isinstance(piece, str):
        return piece
    return _TEXTS.get(piece.name) or f"unknown-{blake2b(piece.name.encode(), digest_size=4).hexdigest()}"


def _document(document: Document) -> Document:
    return replace(
        document,
        version=_value(document.version),
        statements=tuple(_statement(one) if isinstance(one, Statement) else one for one in document.statements),
    )


def _statement(one: Statement) -> Statement:
    return replace(
        one,
        effect=_value(one.effect),
        actions=_strings(one.actions),
        not_actions=_strings(one.not_actions),
        resources=_strings(one.resources),
        not_resources=_strings(one.not_resources),
        principals=_principals(one.principals),
        not_principals=_principals(one.not_principals),
        conditions=tuple(
            replace(each, values=_strings(each.values) or ()) if isinstance(each, Condition) else each
            for each in one.conditions
        ),
    )


def _strings(values: Strings | None) -> Strings | None:
    return None if values is None else tuple(map(_value, values))


def _principals(entries: tuple[Principal | Unknown, ...] | None) -> tuple[Principal | Unknown, ...] | None:
    if entries is None:
        return None
    return tuple(
        replace(one, value=_value(one.value)) if isinstance(one, Principal) else one for one in entries
    )


def _value(value: Value[str]) -> Value[str]:
    match value:
        case Unknown(_, origin, Text() as text):
            return Known("".join(map(_text, text.shape())), origin)
        case _:
            return value
