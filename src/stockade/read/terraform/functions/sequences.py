"""Functions over lists and tuples; elements keep the values, and so the places, they came with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.read.budget import Budget
from stockade.read.terraform.cty import (
    EvaluationError,
    List,
    Set,
    equal,
    is_known_deep,
    to_number,
    type_name,
    unify,
)
from stockade.read.terraform.functions.context import Context
from stockade.read.terraform.functions.graphemes import clusters
from stockade.read.terraform.functions.registry import valued
from stockade.read.terraform.functions.unknowns import because, first_unknown, opened, with_open_end
from stockade.read.terraform.number import Number, add
from stockade.value import Hole, Known, Unknown, Value, elements_of

RANGE = 1024
"""The most numbers ``range`` makes, in Terraform too."""


def ordered(name: str, value: Known[Any]) -> tuple[Value[Any], ...]:
    """The elements of a list or tuple; refuses anything else, sets too."""
    if not isinstance(value.value, tuple) or value.value.__class__ is Set:
        raise EvaluationError(f"`{name}` takes a list, not {type_name(value)}")
    return value.value


def sequence(name: str, value: Known[Any]) -> tuple[Value[Any], ...]:
    """The elements of a list, tuple or set; refuses anything else."""
    if not isinstance(value.value, tuple):
        raise EvaluationError(f"`{name}` takes a list or a set, not {type_name(value)}")
    return value.value


def whole(name: str, number: Number) -> int:
    """A number that counts or numbers something; refuses fractions."""
    if isinstance(number, int):
        return number
    raise EvaluationError(f"`{name}` needs a whole number, not {number}")


def _undecided(*compared: Value[Any]) -> Unknown:
    """Why a comparison has no answer: the first unknown in what was compared."""
    for value in compared:
        unknown = is_known_deep(value)
        if unknown is not None:
            return because(unknown)
    raise ValueError("everything that was compared is known")


def is_null(value: Value[Any]) -> bool:
    return isinstance(value, Known) and value.value is None


def is_something(unknown: Unknown) -> bool:
    """Whether an unknown can be taken to be neither null nor empty: text with a reference or a known piece."""
    return unknown.text is not None and not all(isinstance(part, Hole) for part in unknown.text.parts)


@valued("length(value: any)")
def length(context: Context, value: Value[Any]) -> Value[Any]:
    if isinstance(value, Unknown):
        return because(value)
    inner = value.value
    if isinstance(inner, str):
        return Known(len(inner) if inner.isascii() else len(clusters(inner)), context.origin)
    if isinstance(inner, Set) and len(inner) > 1:
        unknown = is_known_deep(value, context.budget)
        if unknown is not None:  # it may be equal to another element
            return because(unknown)
    if isinstance(inner, tuple | dict):
        return Known(len(inner), context.origin)
    raise EvaluationError(f"`length` takes a string, a list, a set, a map or an object, not {type_name(value)}")


@valued("element(list: any, index: number)")
def element(_: Context, items: Value[Any], index: Value[Any]) -> Value[Any]:
    if isinstance(items, Unknown):
        return because(items)
    listed = ordered("element", items)
    if isinstance(index, Unknown):
        return because(index)
    number = whole("element", index.value)
    if not listed:
        raise EvaluationError("`element` cannot take an element of an empty list")
    place = number % len(listed)
    if number < 0 and place and items.value.__class__ is tuple:  # lists count from the end, tuples do not
        raise EvaluationError(f"`element` cannot find element {number} of a tuple")
    return listed[place]


@valued("concat(...seqs: any)")
def concat(context: Context, *lists: Value[Any]) -> Value[Any]:
    if not lists:
        raise EvaluationError("`concat` needs at least one list")
    joined: list[Value[Any]] = []
    for each in lists:
        if isinstance(each, Known):
            joined += ordered("concat", each)
    context.budget.spend(len(joined))
    unknown = first_unknown(lists)
    if unknown is not None:
        items = [item for each in lists for item in opened(each)]
        context.budget.spend(len(items))
        return with_open_end(items, unknown)
    if all(isinstance(each, Known) and each.value.__class__ is List for each in lists):
        try:
            return Known(List(unify(joined, context.budget)), context.origin)
        except EvaluationError:
            pass  # lists of types that have nothing in common make a tuple
    return Known(tuple(joined), context.origin)


@valued("coalesce(...vals: any?)")
def coalesce(context: Context, *values: Value[Any]) -> Value[Any]:
    """The first that is neither null nor an empty string. Text with references in it is taken to be neither."""
    alike: Sequence[Value[Any]] = values
    try:
        alike = unify(values, context.budget)
    except EvaluationError:
        if not any(map(is_null, values)):  # beside a null Terraform lets the types differ
            raise
    for value in alike:
        if isinstance(value, Unknown):
            return value if is_something(value) else because(value)
        if value.value is not None and value.value != "":
            return value
    raise EvaluationError("`coalesce` has no argument that is neither null nor an empty string")


@valued("coalescelist(...vals: any?)")
def coalescelist(_: Context, *lists: Value[Any]) -> Value[Any]:
    for each in lists:
        if is_null(each):
            raise EvaluationError("an argument of `coalescelist` is null")
        if isinstance(each, Known):
            ordered("coalescelist", each)
    for each in lists:
        if isinstance(each, Unknown):
            return because(each)
        if each.value:
            return each
    raise EvaluationError("`coalescelist` has no list with an element")


@valued("compact(list: list(string))")
def compact(context: Context, items: Value[Any]) -> Value[Any]:
    """Without nulls and empty strings; text with references in it stays."""
    kept: list[Value[Any]] = []
    unsure = because(items) if isinstance(items, Unknown) else None
    for item in elements_of(items) or ():
        if isinstance(item, Unknown) and not is_something(item):
            unsure = unsure or because(item)
            kept.append(because(item))
        elif isinstance(item, Unknown) or item.value:
            kept.append(item)
    return with_open_end(kept, unsure) if unsure else Known(List(kept), context.origin)


@valued("contains(list: any, value: any)")
def contains(context: Context, items: Value[Any], wanted: Value[Any]) -> Value[Any]:
    if isinstance(items, Unknown):
        return because(items)
    undecided: Value[Any] | None = None
    listed = sequence("contains", items)
    context.budget.spend(len(listed))
    for item in listed:
        same = equal(item, wanted, context.budget)
        if same:
            return Known(True, context.origin)
        if same is None and undecided is None:
            undecided = item
    if undecided is not None:
        return _undecided(undecided, wanted)
    return Known(False, context.origin)


@valued("index(list: any, value: any)")
def index(context: Context, items: Value[Any], wanted: Value[Any]) -> Value[Any]:
    if isinstance(items, Unknown):
        return because(items)
    listed = ordered("index", items)
    context.budget.spend(len(listed))
    for number, item in enumerate(listed):
        same = equal(item, wanted, context.budget)
        if same is None:
            return _undecided(item, wanted)
        if same:
            return Known(number, context.origin)
    raise EvaluationError("the list given to `index` has no such element")


@valued("distinct(list: list(any))")
def distinct(context: Context, items: Value[Any]) -> Value[Any]:
    if isinstance(items, Unknown):
        return items  # of a list with an open end nobody asks how often an element is there
    kept: list[Value[Any]] = []
    seen: set[str] = set()
    for item in items.value:
        if isinstance(item, Known) and isinstance(item.value, str) and item.value not in seen:
            seen.add(item.value)
            kept.append(item)
            continue
        context.budget.spend(len(kept))
        repeated = False
        for other in kept:
            same = equal(item, other, context.budget)
            if same is None and not _both_text(item, other):
                return _undecided(item, other)
            repeated = repeated or same is True
        if not repeated:
            kept.append(item)
    return Known(List(kept), context.origin)


def _both_text(one: Value[Any], other: Value[Any]) -> bool:
    """References to different things are taken to be different text."""
    return all(
        (isinstance(value, Unknown) and value.text is not None)
        or (isinstance(value, Known) and isinstance(value.value, str))
        for value in (one, other)
    )


@valued("flatten(list: any)")
def flatten(context: Context, items: Value[Any]) -> Value[Any]:
    if isinstance(items, Known):
        sequence("flatten", items)
    flat: list[Value[Any]] = []
    unsure = _flatten(items, flat, context.budget)
    return with_open_end(flat, unsure) if unsure else Known(tuple(flat), context.origin)


def _flatten(items: Value[Any], flat: list[Value[Any]], budget: Budget) -> Unknown | None:
    """Why the end is open, where it is: something of which nothing is known may be a list."""
    found = opened(items)
    unsure = because(items) if isinstance(items, Unknown) else None
    budget.spend(len(found))
    for item in found:
        if isinstance(item, Unknown) and item.open is None:
            may_be_list = _may_be_list(item)
            unsure = unsure or (because(item) if may_be_list else None)
            flat.append(because(item) if may_be_list else item)
        elif elements_of(item) is not None:
            unsure = _flatten(item, flat, budget) or unsure
        else:
            flat.append(item)
    return unsure


_ONE: Final = lazy_regex(r"(?:arn|id|name|url|uri|json|key|path|endpoint|host|account|region)$", re.IGNORECASE)


def _may_be_list(unknown: Unknown) -> bool:
    """Whether an unknown may be a list: a reference of which nothing is known too, if its name says no more."""
    if unknown.text is None:
        return True
    ref = unknown.ref
    return ref is not None and ref.shape is None and _ONE.search(ref.attribute) is None


@valued("chunklist(list: list(any), size: number)")
def chunklist(context: Context, items: Value[Any], size: Value[Any]) -> Value[Any]:
    if isinstance(items, Unknown) or isinstance(size, Unknown):
        return first_unknown((items, size)) or items
    step = whole("chunklist", size.value)
    if step < 0:
        raise EvaluationError("the size given to `chunklist` must not be negative")
    listed: Sequence[Value[Any]] = items.value
    step = step or max(len(listed), 1)
    chunks = [Known(List(listed[at : at + step]), context.origin) for at in range(0, len(listed), step)]
    return Known(List(chunks), context.origin)


@valued("reverse(list: any)")
def reverse(context: Context, items: Value[Any]) -> Value[Any]:
    if isinstance(items, Unknown):
        return with_open_end(reversed(elements_of(items) or ()), items)
    turned = sequence("reverse", items)[::-1]
    return Known(tuple(turned) if items.value.__class__ is tuple else List(turned), context.origin)


@valued("slice(list: any, start_index: number, end_index: number)")
def slice(context: Context, items: Value[Any], start: Value[Any], end: Value[Any]) -> Value[Any]:
    if isinstance(items, Unknown) or isinstance(start, Unknown) or isinstance(end, Unknown):
        return first_unknown((items, start, end)) or items
    listed = ordered("slice", items)
    first, last = whole("slice", start.value), whole("slice", end.value)
    if not 0 <= first <= last <= len(listed):
        raise EvaluationError(f"`slice` from {first} to {last} does not fit a list of {len(listed)}")
    kept = listed[first:last]
    return Known(List(kept) if items.value.__class__ is List else tuple(kept), context.origin)


@valued("sort(list: list(string))")
def sort(context: Context, items: Value[Any]) -> Value[Any]:
    if isinstance(items, Unknown):
        return items  # whatever the order, the same elements are in it
    if any(map(is_null, items.value)):
        raise EvaluationError("a list given to `sort` has a null in it")
    unknown = first_unknown(items.value)
    if unknown is not None:
        return with_open_end(items.value, unknown)
    context.budget.spend(len(items.value))
    return Known(List(sorted(items.value, key=_text)), context.origin)


def _text(value: Value[Any]) -> str:
    return value.value if isinstance(value, Known) else ""


@valued("sum(list: any)")
def sum(context: Context, items: Value[Any]) -> Value[Any]:
    if isinstance(items, Unknown):
        return because(items)
    listed = sequence("sum", items)
    if not listed:
        raise EvaluationError("`sum` needs at least one number")
    context.budget.spend(len(listed))
    total: Number = 0
    for item in listed:
        if isinstance(item, Known):
            total = add(total, to_number(item))
    return first_unknown(listed) or Known(total, context.origin)


@valued("one(list: any)")
def one(context: Context, items: Value[Any]) -> Value[Any]:
    if isinstance(items, Unknown):
        return because(items)
    listed = sequence("one", items)
    if len(listed) > 1:
        unknown = is_known_deep(items) if isinstance(listed, Set) else None
        if unknown is not None:
            return because(unknown)
        raise EvaluationError(f"`one` takes a list of no or one element, not of {len(listed)}")
    return listed[0] if listed else Known(None, context.origin)


@valued("alltrue(list: list(bool))")
def alltrue(context: Context, items: Value[Any]) -> Value[Any]:
    return _decided(context, items, decides=False)


@valued("anytrue(list: list(bool))")
def anytrue(context: Context, items: Value[Any]) -> Value[Any]:
    return _decided(context, items, decides=True)


def _decided(context: Context, items: Value[Any], decides: bool) -> Value[Any]:
    """One element may decide whatever the others are; a null counts as false."""
    if isinstance(items, Unknown):
        return because(items)
    if any(isinstance(item, Known) and bool(item.value) is decides for item in items.value):
        return Known(decides, context.origin)
    return first_unknown(items.value) or Known(not decides, context.origin)


@valued("matchkeys(values: list(any), keys: list(any), searchset: list(any))")
def matchkeys(context: Context, items: Value[Any], keys: Value[Any], wanted: Value[Any]) -> Value[Any]:
    if isinstance(items, Unknown) or isinstance(keys, Unknown) or isinstance(wanted, Unknown):
        return first_unknown((items, keys, wanted)) or items
    if len(items.value) != len(keys.value):
        raise EvaluationError("`matchkeys` needs as many keys as values")
    alike = unify([*keys.value, *wanted.value], context.budget)
    names, search = alike[: len(keys.value)], alike[len(keys.value) :]
    context.budget.spend(len(names) * len(search))
    kept: list[Value[Any]] = []
    for item, name in zip(items.value, names, strict=True):
        answers = [equal(name, other, context.budget) for other in search]
        if True in answers:
            kept.append(item)
        elif None in answers:
            return _undecided(name, *search)
    return Known(List(kept), context.origin)


@valued("range(...params: number)")
def range_(context: Context, *limits: Value[Any]) -> Value[Any]:
    if not 1 <= len(limits) <= 3:
        raise EvaluationError(f"`range` takes one to three numbers, not {len(limits)}")
    unknown = first_unknown(limits)
    if unknown is not None:
        return unknown
    numbers: list[Number] = [limit.value for limit in limits if isinstance(limit, Known)]
    start, end = (0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
    step = numbers[2] if len(numbers) == 3 else (1 if start <= end else -1)
    if (step == 0 and start != end) or (end - start) * step < 0:
        raise EvaluationError("the step given to `range` never reaches the end")
    made: list[Value[Any]] = []
    at = start
    while at < end if step > 0 else at > end:
        if len(made) == RANGE:
            raise EvaluationError(f"`range` makes at most {RANGE:,} numbers")
        made.append(Known(at, context.origin))
        at = add(at, step)
    return Known(List(made), context.origin)
