"""``list`` and ``map``, which Terraform took out in 0.15: what an older one deploys still uses them."""

from __future__ import annotations

from typing import Any

from stockade.read.terraform.cty import EvaluationError, convert
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.registry import valued
from stockade.read.terraform.functions.unknowns import because
from stockade.read.terraform.kinds import ANY, STRING, ListOf, MapOf
from stockade.value import Known, Unknown, Value


@valued("list(...vals: any?)")
def list_(context: Context, *values: Value[Any]) -> Value[Any]:
    return convert(Known(tuple(values), context.origin), ListOf(ANY), context.budget)


@valued("map(...vals: any?)")
def map_(context: Context, *values: Value[Any]) -> Value[Any]:
    if len(values) % 2:
        raise EvaluationError("`map` takes keys and values by turns, and the last key has none")
    made: dict[str, Value[Any]] = {}
    for key, value in zip(values[::2], values[1::2], strict=True):
        name = convert(key, STRING, context.budget)
        if isinstance(name, Unknown):
            return because(name)
        if name.value is None:
            raise EvaluationError("a key of `map` must not be null")
        made[name.value] = value
    return convert(Known(made, context.origin), MapOf(ANY), context.budget)
