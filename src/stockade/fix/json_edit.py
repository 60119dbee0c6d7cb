"""Splices of what is written in brackets: JSON, and YAML's flow style, in the style that is there.

A splice is ``(start, end, new)`` in bytes. Values are plain Python; ``Style`` says how the file writes them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, TypeAlias

from stockade.fix.layout import Part
from stockade.patterns import lazy_regex
from stockade.records import dataclass

Splice: TypeAlias = tuple[int, int, bytes]
Scalar: TypeAlias = Callable[[Any], str]

_INDENT: Final = lazy_regex(rb"\n([ \t]+)[^\s]")


@dataclass(frozen=True, slots=True)
class Style:
    """How a document in brackets is written: its line end, one step of indentation, and its separators.

    ``key`` and ``scalar`` write a name and a value; ``broken`` says whether values go over several lines.
    """

    newline: str
    unit: str
    colon: str
    comma: str
    broken: bool
    key: Callable[[str], str]
    scalar: Scalar
    padding: str = ""


def quoted(value: Any) -> str:
    """A scalar in JSON."""
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def style_of(data: bytes, root: Part) -> Style:
    """The style of a document of JSON."""
    unit = _INDENT.search(data)
    is_broken = root.kind != "scalar" and b"\n" in data[root.start : root.end]
    colon, comma = ": ", ", "
    first = _first_map(root)
    if first is not None:
        key, value = first.members[0]
        colon = data[key.end : value.start].decode("utf-8", "replace")
        if not is_broken and len(first.members) > 1:
            comma = data[value.end : first.members[1][0].start].decode("utf-8", "replace")
        elif not is_broken:
            comma = "," if colon == ":" else ", "
    newline = "\r\n" if b"\r\n" in data else "\n"
    return Style(newline, unit[1].decode() if unit else "  ", colon, comma, is_broken, quoted, quoted)


def _first_map(part: Part) -> Part | None:
    if part.kind == "map" and part.members:
        return part
    inner = [value for _, value in part.members] if part.kind == "map" else part.items
    return next((found for one in inner if (found := _first_map(one)) is not None), None)


def render(value: Any, style: Style, indent: str = "") -> str:
    """A value as text; its lines after the first are indented by ``indent`` and more."""
    if isinstance(value, dict):
        pairs = [
            f"{style.key(name)}{style.colon}{render(one, style, indent + style.unit)}"
            for name, one in value.items()
        ]
        return _bracketed("{", pairs, "}", style, indent, style.padding)
    if isinstance(value, list | tuple):
        return _bracketed(
            "[", [render(one, style, indent + style.unit) for one in value], "]", style, indent, ""
        )
    return style.scalar(value)


def _bracketed(opening: str, inner: list[str], closing: str, style: Style, indent: str, padding: str) -> str:
    if not inner:
        return opening + closing
    if not style.broken:
        return f"{opening}{padding}{style.comma.join(inner)}{padding}{closing}"
    line = f"{style.newline}{indent}{style.unit}"
    return f"{opening}{line}{f',{line}'.join(inner)}{style.newline}{indent}{closing}"


# ---------------------------------------------------------------------------------------- splices


def replaced(data: bytes, part: Part, value: Any, style: Style) -> Splice:
    """Another value in a part's place."""
    return part.start, part.end, render(value, style, _indent(data, part.start)).encode()


def added(data: bytes, outer: Part, name: str | None, value: Any, style: Style, after: int = -1) -> Splice:
    """One more member of a map, or element of a list where ``name`` is ``None``.

    ``after`` is the index of the sibling that it follows; it is the last where there is none.
    """

    def text(indent: str) -> str:
        shown = render(value, style, indent)
        return shown if name is None else f"{style.key(name)}{style.colon}{shown}"

    places = _places(outer)
    if not places:
        indent = _indent(data, outer.start)
        opening = outer.end - 1
        while data[opening : opening + 1] not in (b"{", b"["):
            opening -= 1
        inner = style.unit + indent
        if style.broken and not data[opening + 1 : outer.end - 1].strip():
            line = style.newline
            return opening + 1, outer.end - 1, f"{line}{inner}{text(inner)}{line}{indent}".encode()
        return opening + 1, opening + 1, f"{style.padding}{text(indent)}{style.padding}".encode()
    index = after if after >= 0 else len(places) - 1
    start, end = places[index]
    before = data[places[index - 1][1] : start] if index else data[_opening(outer) + 1 : start]
    if b"\n" in before:
        indent = _indent(data, start)
        separator = f",{style.newline}{indent}"
    else:
        indent = _indent(data, start)
        separator = "," + (before.split(b",")[-1].decode("utf-8", "replace") if index else style.comma[1:])
    return end, end, f"{separator}{text(indent)}".encode()


def dropped(data: bytes, outer: Part, index: int) -> Splice:
    """A member or an element of a map or list taken out, with its comma."""
    places = _places(outer)
    start, end = places[index]
    if index + 1 < len(places):
        return start, places[index + 1][0], b""
    if index:
        return places[index - 1][1], end, b""
    return _opening(outer) + 1, outer.end - 1, b""


def _opening(outer: Part) -> int:
    return outer.body


def _places(outer: Part) -> list[tuple[int, int]]:
    if outer.kind == "map":
        return [(key.start, max(key.end, value.end)) for key, value in outer.members]
    return [(one.start, one.end) for one in outer.items]


def _indent(data: bytes, at: int) -> str:
    """The white space that the line of a byte begins with."""
    start = data.rfind(b"\n", 0, at) + 1
    end = start
    while data[end : end + 1] in (b" ", b"\t"):
        end += 1
    return data[start:end].decode()
