"""JSON of which only the wanted parts are taken apart, each with the place it stands at.

A plan is mostly what a scan has no use for. Walking over its members and skipping the rest with the
standard library's scanner takes a tenth of the time of giving every value its place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from stockade.patterns import lazy_regex
from stockade.source import Source, Span, decode

Range: TypeAlias = tuple[int, int]
"""Where a value starts and ends: byte offsets."""

_SPACE: Final = lazy_regex(r"[ \t\n\r]*+")
_DECODER: Final = json.JSONDecoder()


class BrokenJson(ValueError):
    """The text is not JSON; ``at`` is where."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


def value_end(text: str, at: int) -> int:
    """The end of the value that starts at an offset; raises ``BrokenJson`` where there is none."""
    try:
        return _DECODER.raw_decode(text, at)[1]
    except json.JSONDecodeError as error:
        early = error.pos >= len(text.rstrip())
        raise BrokenJson("it ends too early" if early else "its JSON is broken", error.pos) from None
    except RecursionError:
        raise BrokenJson("it is nested too deep", at) from None
    except ValueError:  # a number of more digits than Python reads
        raise BrokenJson("it has a number that is too long", at) from None


def start_of(text: str, at: int = 0) -> int:
    """The first offset from ``at`` that is no white space."""
    found = _SPACE.match(text, at)
    return found.end() if found else at


def walk_object(text: str, at: int, visit: Callable[[str, int], int | None]) -> int:
    """Go through the members of the object at ``at``; its end.

    ``visit`` gets a member's name and where its value starts, and returns where the value ends or
    ``None`` to have it skipped.
    """
    if text[at : at + 1] != "{":
        raise BrokenJson("it is not an object", at)
    at = start_of(text, at + 1)
    while text[at : at + 1] != "}":
        after = value_end(text, at)
        name = decode(json.loads(text[at:after])) if text[at] == '"' else None
        if name is None:
            raise BrokenJson("its JSON is broken", at)
        at = start_of(text, after)
        if text[at : at + 1] != ":":
            raise BrokenJson("it ends too early" if at >= len(text) else "its JSON is broken", at)
        start = start_of(text, at + 1)
        end = visit(name, start)
        at = _next(text, value_end(text, start) if end is None else end, "}")
    return at + 1


def walk_array(text: str, at: int, visit: Callable[[int], int]) -> int:
    """Go through the elements of the array at ``at``; its end. ``visit`` returns where an element ends."""
    if text[at : at + 1] != "[":
        raise BrokenJson("it is not a list", at)
    at = start_of(text, at + 1)
    while text[at : at + 1] != "]":
        at = _next(text, visit(at), "]")
    return at + 1


def _next(text: str, at: int, closing: str) -> int:
    """Where the next member or element starts, or the closing bracket stands."""
    at = start_of(text, at)
    if text[at : at + 1] == ",":
        at = start_of(text, at + 1)
        if text[at : at + 1] == closing:
            raise BrokenJson("its JSON is broken", at)
        return at
    if text[at : at + 1] != closing:
        raise BrokenJson("it ends too early" if at >= len(text) else "its JSON is broken", at)
    return at


def members(text: str, at: int) -> dict[str, Range]:
    """Where the values of an object's members stand."""
    out: dict[str, Range] = {}

    def visit(name: str, start: int) -> int:
        end = value_end(text, start)
        out[name] = (start, end)
        return end

    walk_object(text, at, visit)
    return out


def elements(text: str, at: int) -> Iterator[Range]:
    """Where the elements of an array stand; nothing for what is no array."""
    out: list[Range] = []
    if text[at : at + 1] != "[":
        return iter(out)

    def visit(start: int) -> int:
        end = value_end(text, start)
        out.append((start, end))
        return end

    walk_array(text, at, visit)
    return iter(out)


def plain(source: Source, where: Range | None) -> Any:
    """A value as ``json.loads`` gives it; ``None`` for what is not there."""
    return None if where is None else json.loads(source.data[where[0] : where[1]])


def span(source: Source, where: Range) -> Span:
    """A value's place."""
    return Span(source, *where)
