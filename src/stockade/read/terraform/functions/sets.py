"""Functions over sets; elements keep the values, and so the places, they came with."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

from stockade.read.terraform.cty import (
    EvaluationError,
    List,
    Set,
    convert,
    equal,
    is_known_deep,
    make_set,
    type_of,
    unify,
)
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.registry import valued
from stockade.read.terraform.functions.sequences import sequence
from stockade.read.terraform.functions.unknowns import because, first_unknown, opened, with_open_end
from stockade.read.terraform.kinds import unify_types
from stockade.value import Known, Unknown, Value


def _alike(context: Context, sets: tuple[Value[Any], ...]) -> list[list[Value[Any]]] | Unknown:
    """The elements of several sets, all converted to one type; the first unknown set instead."""
    known = [each for each in sets if isinstance(each, Known)]
    kind = unify_types([type_of(each, context.budget) for each in known])
    if kind is None:
        raise EvaluationError("the sets have no element type in common")
    split: list[list[Value[Any]]] = []
    for each in known:
        converted = convert(each, kind, context.budget)
        split.append(list(converted.value) if isinstance(converted, Known) else [])
        context.budget.spend(len(split[-1]))
    return first_unknown(sets) or split


@valued("setunion(first_set: set(any), ...other_sets: set(any))")
def setunion(context: Context, *sets: Value[Any]) -> Value[Any]:
    split = _alike(context, sets)
    if isinstance(split, Unknown):
        return with_open_end((item for each in sets for item in opened(each)), split)
    return Known(
        make_set((element for elements in split for element in elements), context.budget), context.origin
    )


@valued("setintersection(first_set: set(any), ...other_sets: set(any))")
def setintersection(context: Context, *sets: Value[Any]) -> Value[Any]:
    split = _alike(context, sets)
    if isinstance(split, Unknown):
        return split
    kept = split[0]
    for other in split[1:]:
        chosen = _chosen(context, kept, other, wanted=True)
        if isinstance(chosen, Unknown):
            return chosen
        kept = chosen
    return Known(make_set(kept, context.budget), context.origin)


@valued("setsubtract(a: set(any), b: set(any))")
def setsubtract(context: Context, *sets: Value[Any]) -> Value[Any]:
    split = _alike(context, sets)
    if isinstance(split, Unknown):
        return split
    chosen = _chosen(context, split[0], split[1], wanted=False)
    return chosen if isinstance(chosen, Unknown) else Known(make_set(chosen, context.budget), context.origin)


def _chosen(
    context: Context, elements: list[Value[Any]], others: list[Value[Any]], wanted: bool
) -> list[Value[Any]] | Unknown:
    """The elements that are (or are not) among the others; an unknown where nobody can tell."""
    context.budget.spend(len(elements) * len(others))
    kept: list[Value[Any]] = []
    for element in elements:
        answers = [equal(element, other, context.budget) for other in others]
        if True in answers:
            if wanted:
                kept.append(element)
        elif None in answers:
            unknown = is_known_deep(element) or is_known_deep(others[answers.index(None)])
            return because(unknown) if unknown else Unknown("it cannot be compared", context.origin)
        elif not wanted:
            kept.append(element)
    return kept


@valued("setproduct(...sets: any)")
def setproduct(context: Context, *sets: Value[Any]) -> Value[Any]:
    if len(sets) < 2:
        raise EvaluationError("`setproduct` needs at least two lists or sets")
    known = [sequence("setproduct", each) for each in sets if isinstance(each, Known)]
    unknown = first_unknown(sets)
    if unknown is not None:
        return unknown
    size = math.prod(map(len, known))
    context.budget.spend(min(size * len(sets), 1 << 60))
    columns: list[list[Value[Any]]] = []
    for each in known:
        if unify_types([type_of(element, context.budget) for element in each]) is None:
            raise EvaluationError("the elements of a list given to `setproduct` have no type in common")
        columns.append(unify(each, context.budget) if size else [])
    rows = [Known(row, context.origin) for row in product(*columns)]
    is_set = any(isinstance(each, Known) and each.value.__class__ is Set for each in sets)
    return Known(make_set(rows, context.budget) if is_set else List(rows), context.origin)
