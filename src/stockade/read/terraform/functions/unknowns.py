"""What functions do with values that are not known, wholly or in part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from stockade.read.budget import PIECES, bound_text
from stockade.read.terraform.functions.graphemes import composed
from stockade.value import Hole, Known, Open, Origin, Ref, Text, Unknown, Value, elements_of, hole_of

_BEHIND = 4
"""How many references a result remembers that it was computed from."""


def because(unknown: Unknown) -> Unknown:
    """The result of a computation on an unknown: unknown for the same reason, with no text of its own."""
    if unknown.text is None:
        return unknown if unknown.open is None else Unknown(unknown.reason, unknown.origin)
    refs = tuple(part for part in unknown.text.parts if isinstance(part, Ref))
    return Unknown(unknown.reason, unknown.origin, None, refs[:_BEHIND])


def opened(value: Value[Any]) -> tuple[Value[Any], ...]:
    """The elements that a list contributes to another: an unknown one contributes zero or more."""
    found = elements_of(value)
    if found is not None:
        return found
    return (Unknown(value.reason, value.origin),) if isinstance(value, Unknown) else (value,)


def with_open_end(items: Iterable[Value[Any]], why: Unknown) -> Unknown:
    """A list of which ``items`` are known and an unknown among them stands for zero or more."""
    kept = tuple(items)
    if not any(isinstance(one, Known) or one.text is not None for one in kept):
        return because(why)
    return Unknown(why.reason, why.origin, open=Open(kept))


def first_unknown(values: Iterable[Value[Any]]) -> Unknown | None:
    """The first of several values that is itself unknown, as the reason for a result."""
    return next((because(value) for value in values if isinstance(value, Unknown)), None)


def pieces_of(unknown: Unknown) -> tuple[str | Ref | Hole, ...]:
    """An unknown as it stands inside a string."""
    return unknown.text.parts if unknown.text is not None else (hole_of(unknown),)


def spliced(
    parts: Iterable[str | Ref | Hole],
    cause: Unknown | None,
    origin: Origin,
    decode: Callable[[], Value[Any]] | None = None,
) -> Value[Any]:
    """A string made of parts: known when all are, otherwise partly known because of ``cause``."""
    joined: list[str | Ref | Hole] = []
    run: list[str] = []
    length = 0
    for part in parts:
        if isinstance(part, str):
            run.append(part)
            length += len(part)
            continue
        if run:
            joined.append("".join(run))
            run = []
        joined.append(part)
    bound_text(length + len(joined))
    if run:
        joined.append("".join(run))
    if cause is None:
        return Known(composed("".join(map(str, joined))), origin)
    if len(joined) > PIECES:
        return because(cause)
    return Unknown(cause.reason, origin, Text(tuple(part for part in joined if part != ""), decode))
