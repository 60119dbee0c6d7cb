"""JSON that is written as text in a heredoc or a file, with interpolations in it: one object changed.

Read only as far as it takes to find the members of one object, from its brace on; an interpolation is stepped
over wherever it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final

from stockade.errors import FixError
from stockade.fix.terraform.hcl import interpolated
from stockade.fix.terraform.page import Page
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Hole, Ref, Text

_SPACE: Final = lazy_regex(r"[ \t\r\n]*")
_SCALAR: Final = lazy_regex(r"[\w.+\-]+")
_WIDEST: Final = 110
"""Columns that a list on one line may take, where it need not."""
_PIECE: Final = lazy_regex(r'\\.|"|\$\{|%\{')

Named = Callable[[Ref | Hole], str]


@dataclass(frozen=True, slots=True)
class _Member:
    key: str
    start: int
    value: int
    end: int


def put(page: Page, at: int, name: str, value: Any, named: Named, *, escaped: bool) -> None:
    """Set a member of the object that begins at an offset, or take it out where the value is ``None``."""
    members, end = _members(page, at)
    index = next((i for i, one in enumerate(members) if one.key.lower() == name.lower()), None)
    if value is None:
        if index is not None:
            _drop(page, [(one.start, one.end) for one in members], index, at, end)
        return
    if index is not None:
        old = members[index]
        write = partial(_json, value, page.indent(old.start), unit=_unit(page, members, at))
        broken = "\n" in page.text[old.value : old.end]
        shown = write(broken=broken, named=named, escaped=escaped)
        if not broken and isinstance(value, tuple | list) and len(value) > 1:
            there = page.text[at:end]
            width = old.value - page.line_start(old.value) + len(shown)
            if "\n" in there and (width > _WIDEST or _are_broken(page, members)):
                shown = write(broken=True, named=named, escaped=escaped)
        page.replace(old.value, old.end, shown, raw=True)
        return
    if not members:
        raise FixError(f"the statement at {page.position(at)} is empty")
    last = members[-1]
    before = page.text[(members[-2].end if len(members) > 1 else at + 1) : last.start]
    indent = page.indent(last.start)
    colon = page.text[last.start + len(json.dumps(last.key)) : last.value] or ": "
    shown = _json(value, indent, False, _unit(page, members, at), named, escaped)
    gap = f"\n{indent}" if "\n" in before else " "
    page.replace(last.end, last.end, f',{gap}"{name}"{colon}{shown}', raw=True)


def _are_broken(page: Page, members: Sequence[_Member]) -> bool:
    """Whether the lists of several elements in an object go over several lines."""
    lists = [page.text[one.value : one.end] for one in members if page.text[one.value] == "["]
    return any("\n" in one for one in lists) and all("\n" in one or one.count('"') <= 2 for one in lists)


def statement_at(page: Page, index: int) -> int:
    """Where a statement begins in a page that holds one policy and nothing else."""
    members, _ = _members(page, _space(page.text, 0))
    found = next((one for one in members if one.key.lower() == "statement"), None)
    if found is None:
        raise _strange(page, 0)
    if page.text[found.value] != "[":
        return found.value
    items, _ = _items(page, found.value)
    if index >= len(items):
        raise _strange(page, found.value)
    return items[index][0]


def drop_statement(page: Page, at: int) -> None:
    """Take the object at an offset out of the list around it."""
    opening = page.text.rfind("[", 0, at)
    while opening >= 0:
        try:
            items, end = _items(page, opening)
        except FixError:
            items, end = [], 0
        index = next((i for i, one in enumerate(items) if one[0] == at), None)
        if index is not None:
            _drop(page, items, index, opening, end)
            return
        opening = page.text.rfind("[", 0, opening)
    raise FixError(f"the statement at {page.position(at)} is in no list that it could be taken out of")


def _drop(page: Page, places: Sequence[tuple[int, int]], index: int, start: int, end: int) -> None:
    first, last = places[index]
    if index + 1 < len(places):
        page.replace(first, places[index + 1][0], "", raw=True)
    elif index:
        page.replace(places[index - 1][1], last, "", raw=True)
    else:
        page.replace(start + 1, end - 1, "", raw=True)


# ---------------------------------------------------------------------------------------- reading


def _members(page: Page, at: int) -> tuple[list[_Member], int]:
    text = page.text
    if text[at : at + 1] != "{":
        raise FixError(f"what is written at {page.position(at)} is not an object of JSON")
    out: list[_Member] = []
    at = _space(text, at + 1)
    while text[at : at + 1] == '"':
        start, key_end = at, _string(page, at)
        colon = _space(text, key_end)
        if text[colon : colon + 1] != ":":
            raise _strange(page, colon)
        value = _space(text, colon + 1)
        end = _value(page, value)
        out.append(_Member(text[start + 1 : key_end - 1], start, value, end))
        at = _space(text, end)
        if text[at : at + 1] == ",":
            at = _space(text, at + 1)
    if text[at : at + 1] != "}":
        raise _strange(page, at)
    return out, at + 1


def _items(page: Page, at: int) -> tuple[list[tuple[int, int]], int]:
    text = page.text
    out: list[tuple[int, int]] = []
    at = _space(text, at + 1)
    while text[at : at + 1] not in ("]", ""):
        end = _value(page, at)
        out.append((at, end))
        at = _space(text, end)
        if text[at : at + 1] == ",":
            at = _space(text, at + 1)
    return out, at + 1


def _value(page: Page, at: int) -> int:
    """Where the value at an offset ends."""
    match page.text[at : at + 1]:
        case '"':
            return _string(page, at)
        case "{":
            return _members(page, at)[1]
        case "[":
            return _items(page, at)[1]
        case "$":
            return _interpolation(page, at + 2)
        case _:
            found = _SCALAR.match(page.text, at)
            if found is None:
                raise _strange(page, at)
            return found.end()


def _string(page: Page, at: int) -> int:
    at += 1
    while found := _PIECE.search(page.text, at):
        if found[0] == '"':
            return found.end()
        at = found.end()
        if found[0] in ("${", "%{") and page.text[found.start() - 1] != found[0][0]:
            at = _interpolation(page, at)
    raise _strange(page, at)


def _interpolation(page: Page, at: int) -> int:
    depth = 1
    while depth:
        found = re.compile(r'"|\{|\}').search(page.text, at)
        if found is None:
            raise _strange(page, at)
        at = found.end()
        if found[0] == '"':
            at = _string(page, found.start())
        else:
            depth += 1 if found[0] == "{" else -1
    return at


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _strange(page: Page, at: int) -> FixError:
    return FixError(f"the JSON at {page.position(at)} is not written in a way that could be changed")


def _unit(page: Page, members: Sequence[_Member], at: int) -> str:
    """One step of indentation."""
    outer = page.indent(at)
    inner = page.indent(members[0].start) if members else ""
    return inner[len(outer) :] if len(inner) > len(outer) else "  "


# ---------------------------------------------------------------------------------------- writing


def _json(value: Any, indent: str, broken: bool, unit: str, named: Named, escaped: bool) -> str:
    inner = indent + unit
    match value:
        case Mapping():
            parts = [
                f'"{key}": {_json(one, inner, broken, unit, named, escaped)}' for key, one in value.items()
            ]
            return _bracketed("{", parts, "}", indent, inner, broken)
        case tuple() | list():
            parts = [_json(one, inner, broken, unit, named, escaped) for one in value]
            return _bracketed("[", parts, "]", indent, inner, broken)
        case Text(pieces):
            return (
                '"'
                + "".join(
                    _inside(one, escaped) if isinstance(one, str) else interpolated(named(one))
                    for one in pieces
                )
                + '"'
            )
        case Ref() | Hole():
            return f'"${{{named(value)}}}"'
        case str():
            return f'"{_inside(value, escaped)}"'
        case Decimal():
            return str(value)
        case None | bool() | int() | float():
            return json.dumps(value)
        case _:
            raise FixError(f"a value of the fix cannot be written as JSON: {value!r}")


def _inside(text: str, escaped: bool) -> str:
    out = json.dumps(text, ensure_ascii=False)[1:-1]
    return out.replace("${", "$${").replace("%{", "%%{") if escaped else out


def _bracketed(opening: str, parts: list[str], closing: str, indent: str, inner: str, broken: bool) -> str:
    if not parts:
        return opening + closing
    if not broken:
        return f"{opening}{', '.join(parts)}{closing}"
    line = f"\n{inner}"
    return f"{opening}{line}{f',{line}'.join(parts)}\n{indent}{closing}"
