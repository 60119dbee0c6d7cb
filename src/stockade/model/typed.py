"""From the types that an input has to the model's own: strings, numbers, flags, lists and maps.

Inputs are loose about types (a timeout may be ``"10"``, an account id a number) and so is the AWS
provider; what cannot be read as what it should be is an ``Unknown`` that says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from stockade.value import Known, Open, Structured, Unknown, Value

_PLAIN = 400
"""Digits up to which a number is written out; longer ones keep their exponent."""

Read: TypeAlias = Callable[[Value[Any]], Value[Any] | None]
"""How a written value is read; ``None`` says that it counts as not written."""


def text(value: Value[Any]) -> Value[Any]:
    """A string; numbers and booleans stand for their text, as Terraform and CloudFormation have it."""
    match value:
        case Known(str()) | Unknown():
            return value
        case Known(bool() as flag, origin):
            return Known("true" if flag else "false", origin)
        case Known(int() as whole, origin):
            return Known(str(whole), origin)
        case Known(Decimal() as exact, origin):
            plain = abs(exact.adjusted()) < _PLAIN
            return Known(format(exact, "f") if plain else str(exact), origin)
        case Known(_, origin):
            return Unknown("it is not a string", origin)


def optional(value: Value[Any]) -> Value[Any] | None:
    """A string where an empty one counts as not written, as the AWS provider has it."""
    return None if isinstance(value, Known) and value.value == "" else text(value)


def number(value: Value[Any]) -> Value[Any]:
    """A whole number, or the text of one."""
    match value:
        case Unknown():
            return Unknown(value.reason, value.origin)
        case Known(bool()):
            pass
        case Known(int()):
            return value
        case Known(str() as digits, origin) if re.fullmatch(r"-?[0-9]{1,18}", digits):
            return Known(int(digits), origin)
    return Unknown("it is not a whole number", value.origin)


def decimal(value: Value[Any]) -> Value[Any]:
    """A number, whole or not, or the text of one."""
    match value:
        case Unknown():
            return Unknown(value.reason, value.origin)
        case Known(bool()):
            pass
        case Known(int() | float() | Decimal() as found, origin):
            return Known(Decimal(str(found)), origin)
        case Known(str() as digits, origin) if re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", digits):
            return Known(Decimal(digits), origin)
    return Unknown("it is not a number", value.origin)


def reserved(value: Value[Any]) -> Value[Any]:
    """A reservation, where -1 says that there is none."""
    read = number(value)
    return Known(None, read.origin) if isinstance(read, Known) and read.value < 0 else read


def limit(value: Value[Any]) -> Value[Any]:
    """A number, whole or not, where -1 says that there is no limit."""
    read = decimal(value)
    return Known(None, read.origin) if isinstance(read, Known) and read.value < 0 else read


def days(value: Value[Any]) -> Value[Any]:
    """A number of days, where 0 says for ever."""
    read = number(value)
    return Known(None, read.origin) if isinstance(read, Known) and read.value == 0 else read


def flag(value: Value[Any]) -> Value[Any]:
    """A boolean, or the text of one."""
    match value:
        case Known(bool()):
            return value
        case Known("true" | "false" as word, origin):
            return Known(word == "true", origin)
        case Unknown():
            return Unknown(value.reason, value.origin)
        case Known(_, origin):
            return Unknown("it is neither true nor false", origin)


def internal(value: Value[Any]) -> Value[Any]:
    """Whether a load balancer is internal: a boolean, or the scheme that says so."""
    match value:
        case Known("internal" | "internet-facing" as scheme, origin):
            return Known(scheme == "internal", origin)
        case _:
            return flag(value)


def texts(value: Value[Any]) -> Value[Any]:
    """A list of strings; a single one is a list of it.

    A reference to an attribute named in the plural (``data.aws_subnets.all.ids``) is a list that only
    deployment fills in, of nobody knows how many.
    """
    match value:
        case Known(tuple() | list() as items, origin):
            return Known(tuple(text(item) for item in items if not is_null(item)), origin)
        case Unknown(reason, origin, None):
            return Unknown(reason, origin)
        case Unknown(reason, origin) if value.ref is not None and value.ref.attribute.endswith("s"):
            return Unknown(reason, origin, behind=(value.ref,))
        case _:
            return Known((text(value),), value.origin)


def texts_by_name(value: Value[Any]) -> Value[Any]:
    """A map of strings; null members are not there."""
    match value:
        case Known(Mapping() as members, origin):
            return Known({name: text(one) for name, one in members.items() if not is_null(one)}, origin)
        case Unknown(open=Open(dict() as items, perhaps)):
            there = {name: text(one) for name, one in items.items() if not is_null(one)}
            maybe = {name: text(one) for name, one in perhaps.items() if not is_null(one)}
            return Unknown(value.reason, value.origin, open=Open(there, maybe))
        case Unknown():
            return Unknown(value.reason, value.origin)
        case Known(_, origin):
            return Unknown("it is not a map", origin)


def dimensions(value: Value[Any]) -> Value[Any]:
    """A metric's dimensions: a map of strings, or a list of objects with a ``Name`` and a ``Value``."""
    return _paired(value, "Name", "it is not a dimension")


def tags(value: Value[Any]) -> Value[Any]:
    """Tags: a map of strings, or a list of objects with a ``Key`` and a ``Value``."""
    return _paired(value, "Key", "it is not a tag")


def _paired(value: Value[Any], key: str, otherwise: str) -> Value[Any]:
    if not (isinstance(value, Known) and isinstance(value.value, tuple | list)):
        return texts_by_name(value)
    members: dict[str, Value[Any]] = {}
    for one in value.value:
        match one:
            case Known(Mapping() as pair) if isinstance(name := pair.get(key), Known) and "Value" in pair:
                members[str(name.value)] = pair["Value"]
            case _:
                return Unknown(one.reason if isinstance(one, Unknown) else otherwise, one.origin)
    return texts_by_name(Known(members, value.origin))


def document_text(value: Value[Any]) -> Value[Any] | None:
    """A document that is text in one input and an object in another: its text, or its JSON.

    What is not known of an object is ``…`` in the JSON: who wants to know reads the object.
    """
    match value:
        case Known(Mapping() | tuple() | list() as inner, origin):
            if not inner:
                return None
            made = Structured.of(json.dumps(_plain(value), ensure_ascii=False, default=str), lambda: value)
            return Known(made, origin)
        case _:
            return optional(value)


def _plain(value: Value[Any]) -> Any:
    match value:
        case Unknown():
            return "…"
        case Known(Mapping() as members):
            return {name: _plain(one) for name, one in members.items()}
        case Known(tuple() | list() as items):
            return [_plain(one) for one in items]
        case Known(plain):
            return plain


def by_route(value: Value[Any]) -> Value[Any]:
    """Settings by route key: a list of objects, or a map whose names become their ``RouteKey``."""
    match value:
        case Known(Mapping() as members, origin):
            made = tuple(_with_key(name, one) for name, one in members.items())
            return Known(made, origin)
        case _:
            return blocks(value)


def _with_key(name: str, one: Value[Any]) -> Value[Any]:
    if isinstance(one, Known) and isinstance(one.value, Mapping):
        return Known({"RouteKey": Known(name, one.origin), **one.value}, one.origin)
    return _block(one)


def tree(value: Value[Any]) -> Value[Any]:
    """As it is: a document, which is taken apart by who knows its language."""
    return value


def blocks(value: Value[Any]) -> Value[Any]:
    """A list of objects as they are; a single one is a list of it."""
    match value:
        case Known(tuple() | list() as items, origin):
            return Known(tuple(_block(item) for item in items if not is_null(item)), origin)
        case Unknown():
            return value
        case Known(_, origin):
            return Known((_block(value),), origin)


def _block(value: Value[Any]) -> Value[Any]:
    if isinstance(value, Unknown) or isinstance(value.value, Mapping):
        return value
    return Unknown("it is not an object", value.origin)


def is_null(value: Value[Any]) -> bool:
    """Whether a value is an explicit null."""
    return isinstance(value, Known) and value.value is None
