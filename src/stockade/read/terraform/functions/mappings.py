"""Functions over maps and objects; elements keep the values, and so the places, they came with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stockade.read.terraform.cty import EvaluationError, List, Map, Set, convert, type_name, type_of
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.registry import valued
from stockade.read.terraform.functions.unknowns import because, first_unknown
from stockade.read.terraform.kinds import ANY, Type
from stockade.value import Known, Open, Unknown, Value


def mapping(name: str, value: Known[Any]) -> dict[str, Value[Any]]:
    """The attributes of a map or object; refuses anything else."""
    if not isinstance(value.value, dict):
        raise EvaluationError(f"`{name}` takes a map or an object, not {type_name(value)}")
    return value.value


@valued("merge(...maps: any?)")
def merge(context: Context, *maps: Value[Any]) -> Value[Any]:
    merged: dict[str, Value[Any]] = {}
    uniform = bool(maps)
    for each in maps:
        if isinstance(each, Unknown):
            continue
        if each.value is None:
            uniform = False
            continue
        attributes = mapping("merge", each)
        context.budget.spend(len(attributes))
        merged.update(attributes)
        uniform = uniform and attributes.__class__ is Map
    unknown = first_unknown(maps)
    if unknown is not None:
        return _open_merge(maps, unknown)
    if uniform:
        kinds = [type_of(each, context.budget) for each in maps]
        if all(kind == kinds[0] for kind in kinds):
            return Known(Map(merged), context.origin)
    return Known(merged, context.origin)


def _open_merge(maps: Sequence[Value[Any]], why: Unknown) -> Unknown:
    """What is certain of a merged map, and what something unknown that comes later may replace."""
    sure: dict[str, Value[Any]] = {}
    perhaps: dict[str, Value[Any]] = {}
    for each in maps:
        if isinstance(each, Known):
            members: dict[str, Value[Any]] = each.value or {}
        else:
            known = each.open.items if each.open is not None else {}
            perhaps |= sure | (each.open.perhaps if each.open is not None else {})
            members, sure = (known if isinstance(known, dict) else {}), {}
        sure |= members
        for name in members:
            perhaps.pop(name, None)
    return Unknown(why.reason, why.origin, open=Open(sure, perhaps) if sure or perhaps else None)


@valued("lookup(inputMap: any, key: string, ...default: any?)")
def lookup(context: Context, table: Value[Any], key: Value[str], *defaults: Value[Any]) -> Value[Any]:
    if len(defaults) > 1:
        raise EvaluationError("`lookup` takes one default")
    if isinstance(table, Unknown):
        return because(table)
    attributes = mapping("lookup", table)
    if defaults and attributes.__class__ is Map:
        kind = _element_type(attributes, context)
        defaults = tuple(convert(default, kind, context.budget) for default in defaults)
    if isinstance(key, Unknown):
        return because(key)
    found = attributes.get(key.value)
    if found is not None:
        return found
    if not defaults:
        raise EvaluationError(f"the map has no element `{key.value}`, and `lookup` was given no default")
    return defaults[0]


def _element_type(table: dict[str, Value[Any]], context: Context) -> Type:
    """The type of a map's elements, as its first element tells it; there may be very many."""
    for item in table.values():
        if isinstance(item, Known) and item.value is not None:
            return type_of(item, context.budget)
    return ANY


@valued("keys(inputMap: any)")
def keys(context: Context, table: Value[Any]) -> Value[Any]:
    if isinstance(table, Unknown):
        return because(table)
    names = [Known(name, context.origin) for name in sorted(mapping("keys", table))]
    return Known(List(names) if table.value.__class__ is Map else tuple(names), context.origin)


@valued("values(mapping: any)")
def values(context: Context, table: Value[Any]) -> Value[Any]:
    if isinstance(table, Unknown):
        return because(table)
    attributes = mapping("values", table)
    items = [attributes[name] for name in sorted(attributes)]
    return Known(List(items) if attributes.__class__ is Map else tuple(items), context.origin)


@valued("zipmap(keys: list(string), values: any)")
def zipmap(context: Context, names: Value[Any], items: Value[Any]) -> Value[Any]:
    if isinstance(items, Known) and (not isinstance(items.value, tuple) or isinstance(items.value, Set)):
        raise EvaluationError(f"`zipmap` takes a list of values, not {type_name(items)}")
    unknown = first_unknown((names, items, *(names.value if isinstance(names, Known) else ())))
    if unknown is not None or isinstance(names, Unknown) or isinstance(items, Unknown):
        return unknown or Unknown("its keys are not known", context.origin)
    if len(names.value) != len(items.value):
        raise EvaluationError(f"`zipmap` has {len(names.value)} keys for {len(items.value)} values")
    if any(name.value is None for name in names.value):
        raise EvaluationError("a key given to `zipmap` is null")
    zipped = {name.value: item for name, item in zip(names.value, items.value, strict=True)}
    return Known(Map(zipped) if items.value.__class__ is List else zipped, context.origin)


@valued("transpose(values: map(list(string)))")
def transpose(context: Context, table: Value[Any]) -> Value[Any]:
    if isinstance(table, Unknown):
        return because(table)
    turned: dict[str, list[Value[Any]]] = {}
    for name in sorted(table.value):
        listed = table.value[name]
        unknown = (
            first_unknown((listed, *(listed.value or ()))) if isinstance(listed, Known) else because(listed)
        )
        if unknown is not None:
            return unknown
        if listed.value is None or any(item.value is None for item in listed.value):
            raise EvaluationError("a list given to `transpose` is null or has a null in it")
        context.budget.spend(len(listed.value))
        for item in listed.value:
            turned.setdefault(item.value, []).append(Known(name, context.origin))
    lists = {name: Known(List(turned[name]), context.origin) for name in sorted(turned)}
    return Known(Map(lists), context.origin)
