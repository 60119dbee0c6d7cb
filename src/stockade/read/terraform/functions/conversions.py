"""Conversions between types, and the marks on values that must not be shown."""

from __future__ import annotations

from typing import Any

from stockade.read.terraform.cty import convert
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.registry import lazy, valued
from stockade.read.terraform.functions.unknowns import because
from stockade.read.terraform.kinds import ANY, BOOL, NUMBER, STRING, ListOf, MapOf, SetOf
from stockade.value import Derived, Known, Unknown, Value, is_sensitive
from stockade.value import sensitive as marked

lazy("can(expression: any)")
lazy("try(...expressions: any)")


@valued("tostring(v: any?)")
def tostring(_: Context, value: Value[Any]) -> Value[Any]:
    return convert(value, STRING)


@valued("tonumber(v: any?)")
def tonumber(_: Context, value: Value[Any]) -> Value[Any]:
    return because(value) if isinstance(value, Unknown) else convert(value, NUMBER)


@valued("tobool(v: any?)")
def tobool(_: Context, value: Value[Any]) -> Value[Any]:
    return because(value) if isinstance(value, Unknown) else convert(value, BOOL)


@valued("tolist(v: any?)")
def tolist(context: Context, value: Value[Any]) -> Value[Any]:
    return convert(value, ListOf(ANY), context.budget)


@valued("toset(v: any?)")
def toset(context: Context, value: Value[Any]) -> Value[Any]:
    return convert(value, SetOf(ANY), context.budget)


@valued("tomap(v: any?)")
def tomap(context: Context, value: Value[Any]) -> Value[Any]:
    return convert(value, MapOf(ANY), context.budget)


@valued("sensitive(value: any?)")
def sensitive(_: Context, value: Value[Any]) -> Value[Any]:
    return marked(value)


@valued("nonsensitive(value: any?)")
def nonsensitive(_: Context, value: Value[Any]) -> Value[Any]:
    match value:
        case Known(inner, Derived("sensitive", (origin,)), ref):
            return Known(inner, origin, ref)
        case Unknown(reason, Derived("sensitive", (origin,)), text):
            return Unknown(reason, origin, text)
        case _:
            return value


@valued("issensitive(value: any?)")
def issensitive(context: Context, value: Value[Any]) -> Value[Any]:
    return Known(is_sensitive(value), context.origin)


@valued("ephemeralasnull(value: any?)")
def ephemeralasnull(_: Context, value: Value[Any]) -> Value[Any]:
    """Only values that live as long as one run become null, and none of those reach a function here."""
    return value
