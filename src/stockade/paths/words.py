"""Values and places as a picture shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stockade.source import Span
from stockade.value import Known, Origin, Value, parts_of, places


def said(value: Value[Any]) -> str:
    """A text with what is not known of it as a reference or a hole, as its author wrote it."""
    if isinstance(value, Known):
        return "" if value.value is None else str(value.value)
    return "".join(map(str, parts_of(value)))


def place_of(origin: Origin) -> Span | None:
    """Where it is written, if it is."""
    return next((one.span for one in places(origin)), None)


def listed(names: Iterable[str], most: int = 4) -> str:
    """Some of the names, and how many more there are."""
    every = list(dict.fromkeys(names))
    rest = len(every) - most
    return ", ".join(every[:most]) + (f" and {rest} more" if rest > 0 else "")
