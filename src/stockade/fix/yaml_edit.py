"""Splices of YAML in block style: values, members and elements, written as their neighbours are.

What is written in brackets within it goes to ``json_edit``. Nothing here looks at meaning: ``Draft`` holds the
result to what was wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any, Final

from stockade.fix import json_edit
from stockade.fix.json_edit import Splice
from stockade.fix.layout import Part, walk
from stockade.patterns import lazy_regex
from stockade.read.cloudformation.intrinsics import KNOWN
from stockade.records import dataclass

_WIDTH: Final = 120
"""Columns up to which what stood on one line is left on one."""

_PLAIN: Final = lazy_regex(r"[A-Za-z0-9_/.$^(+~=-][^\x00-\x1f\x7f-\x9f\ufeff\u2028\u2029]*")
_UNSAFE: Final = lazy_regex(r": |:$| #|\s$|^-(?: |$)|^---|^\.\.\.|^[yYnN]$")
_REMARK: Final = lazy_regex(rb"(?:\r?\n[ \t]*)*\r?\n( +)#[^\r\n]*")
"""A line that is only a comment, with empty ones before it."""
_HEADED: Final = 3
"""Elements that a comment above them heads together, where they follow one another."""
_IN_BRACKETS: Final = lazy_regex(r"[,\[\]{}:#]")


@dataclass(frozen=True, slots=True)
class Style:
    """How a document of YAML is written.

    ``short`` says that functions are tags, ``hanging`` that lists stand right under their name, not indented,
    and ``padding`` is what stands inside of braces.
    """

    newline: str
    unit: int
    quote: str
    short: bool
    hanging: bool
    padding: str = " "


def style_of(data: bytes, root: Part) -> Style:
    """The style that most of a document has."""
    quotes = {"'": 0, '"': 0}
    hanging = {True: 0, False: 0}
    units: dict[int, int] = {}
    tags = longs = tight = 0
    for _, part in walk(root):
        if part.style in quotes:
            quotes[part.style] += 1
        if part.kind == "map" and part.flow and part.members:
            tight += 1 if data[part.body + 1 : part.body + 2] != b" " else -1
        tags += bool(part.tag)
        for key, value in part.members if not part.flow else ():
            longs += str(key.value).startswith("Fn::") or key.value == "Ref"
            if value.flow or value.kind not in ("map", "list") or value.tag:
                continue
            step = column(data, _first(data, value)) - column(data, key.start)
            if value.kind == "list":
                hanging[step == 0] += 1
            elif 0 < step < 9:
                units[step] = units.get(step, 0) + 1
    return Style(
        "\r\n" if b"\r\n" in data else "\n",
        max(units, key=lambda one: units[one], default=2),
        '"' if quotes['"'] > quotes["'"] else "'",
        tags > 0 or not longs,
        hanging[True] > hanging[False],
        "" if tight > 0 else " ",
    )


def flow_style(style: Style) -> json_edit.Style:
    """The style of what stands in brackets in such a document."""

    def scalar(value: Any) -> str:
        return inline(value, style, in_brackets=True)

    return json_edit.Style(style.newline, "  ", ": ", ", ", False, scalar, scalar, style.padding)


# --------------------------------------------------------------------------------------- rendering


@cache
def _resolver() -> Any:
    import yaml

    return yaml.resolver.Resolver(), yaml.ScalarNode


def is_plain(text: str, in_brackets: bool = False) -> bool:
    """Whether a text stays the text that it is without quotes, to YAML 1.1 as to later ones."""
    if not _PLAIN.fullmatch(text) or _UNSAFE.search(text) or (in_brackets and _IN_BRACKETS.search(text)):
        return False
    resolver, node = _resolver()
    tag = resolver.resolve(node, text, (True, False))
    return bool(tag == "tag:yaml.org,2002:str") and not re.fullmatch(r"[-+.]?[0-9][-+.0-9_eExXoO:]*", text)


def text_of(text: str, quote: str, *, like: str = "", in_brackets: bool = False) -> str:
    """A text as it is written: quoted as ``like`` says, or only where it has to be."""
    if not like and is_plain(text, in_brackets):
        return text
    quote = like or quote
    if quote == '"' or any(
        ord(one) < 32 or 0x7F <= ord(one) < 0xA0 or one in "\u2028\u2029\ufeff" for one in text
    ):
        return json_edit.quoted(text).replace("\x7f", "\\x7f")
    return "'" + text.replace("'", "''") + "'"


def scalar_of(value: Any, quote: str, *, like: str = "", in_brackets: bool = False) -> str:
    """A scalar as it is written."""
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case int() | Decimal() | float():
            return str(value)
        case _:
            return text_of(str(value), quote, like=like, in_brackets=in_brackets)


def function_of(value: Any) -> tuple[str, Any] | None:
    """The intrinsic function that a value calls, and its argument."""
    if isinstance(value, dict) and len(value) == 1:
        ((name, argument),) = value.items()
        if name in KNOWN:
            return name, argument
    return None


def inline(value: Any, style: Style, *, like: str = "", in_brackets: bool = False) -> str:
    """A value on one line."""
    called = function_of(value)
    if called is not None and style.short:
        name, argument = called
        tag = f"!{name.removeprefix('Fn::')}"
        if (
            name == "Fn::GetAtt"
            and isinstance(argument, list)
            and all(isinstance(one, str) for one in argument)
        ):
            argument = ".".join(argument)
        if function_of(argument) is None:
            return f"{tag} {inline(argument, style, in_brackets=in_brackets)}"
    if isinstance(value, dict | list | tuple):
        return (
            json_edit.render(value, flow_style(style)) if not isinstance(value, dict) else _braced(value, style)
        )
    return scalar_of(value, style.quote, like=like, in_brackets=in_brackets)


def _braced(value: dict[str, Any], style: Style) -> str:
    if not value:
        return "{}"
    pairs = (
        f"{text_of(name, style.quote, in_brackets=True) if '::' not in name else name}: "
        f"{inline(one, style, in_brackets=True)}"
        for name, one in value.items()
    )
    return f"{{{style.padding}{', '.join(pairs)}{style.padding}}}"


def is_inline(value: Any, style: Style) -> bool:
    """Whether a value goes behind its name, rather than on lines of its own."""
    if not isinstance(value, dict | list | tuple) or not value:
        return True
    called = function_of(value)
    if called is None:
        return False
    name, argument = called
    if name == "Fn::GetAtt":
        return style.short or is_inline(argument, style)
    return style.short and not isinstance(argument, dict | list | tuple)


def lines_of(value: Any, style: Style, indent: int) -> Iterator[str]:
    """The lines of a map or list, each indented by ``indent``."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from member_lines(name, one, style, indent)
        return
    for one in value:
        yield from item_lines(one, style, indent)


def member_lines(name: str, value: Any, style: Style, indent: int) -> Iterator[str]:
    """The lines of one member of a map."""
    key = name if re.fullmatch(r"[A-Za-z]+(::[A-Za-z0-9]+)+", name) else text_of(name, style.quote)
    yield from _headed(f"{' ' * indent}{key}:", value, style, indent)


def _headed(head: str, value: Any, style: Style, indent: int) -> Iterator[str]:
    if is_inline(value, style):
        yield f"{head} {inline(value, style)}"
        return
    called = function_of(value)
    if called is not None and style.short and function_of(called[1]) is None:
        value = called[1]
        head += f" !{called[0].removeprefix('Fn::')}"
    yield head
    is_list = isinstance(value, list | tuple)
    yield from lines_of(value, style, indent + (0 if is_list and style.hanging else style.unit))


def item_lines(value: Any, style: Style, indent: int, inset: int = 2) -> Iterator[str]:
    """The lines of one element of a list, whose contents stand ``inset`` columns behind its dash."""
    head = f"{' ' * indent}-{' ' * (inset - 1)}"
    if is_inline(value, style):
        yield f"{head}{inline(value, style)}"
        return
    called = function_of(value)
    if called is not None and style.short and function_of(called[1]) is None:
        yield from _headed(head.rstrip(" "), value, style, indent)
        return
    first, *rest = lines_of(value, style, indent + inset)
    yield head + first[indent + inset :]
    yield from rest


# ----------------------------------------------------------------------------------------- splices


def column(data: bytes, at: int) -> int:
    """The column of a byte, from 0."""
    return at - (data.rfind(b"\n", 0, at) + 1)


def line_end(data: bytes, at: int) -> int:
    """The end of the line of a byte, before its line break."""
    end = data.find(b"\n", at)
    end = len(data) if end < 0 else end
    return end - 1 if end > at and data[end - 1 : end] == b"\r" else end


def _first(data: bytes, part: Part) -> int:
    """Where the first member or element begins: for a list at its dash."""
    if part.kind == "map":
        return part.members[0][0].start if part.members else part.body
    return _dash(data, part.items[0]) if part.items else part.body


def _dash(data: bytes, item: Part) -> int:
    at = item.start - 1
    while at >= 0 and data[at : at + 1].isspace():
        at -= 1
    return at


def replaced(data: bytes, outer: Part, index: int, value: Any, style: Style) -> Splice:
    """Another value for a member or element of a block."""
    key, part = outer.members[index] if outer.kind == "map" else (None, outer.items[index])
    if _stays_bracketed(data, part, value):
        return part.start, part.end, inline(value, style).encode()
    if is_inline(value, style):
        like = part.style if isinstance(value, str) and part.style in ("'", '"') else ""
        text = inline(value, style, like=like)
        if part.flow or part.kind in ("scalar", "alias"):
            gap = "" if part.start > 0 and data[part.start - 1 : part.start].isspace() else " "
            return part.start, part.end, (gap + text).encode()
        return _colon(data, key, part), part.end, f" {text}{_comment(data, _colon(data, key, part))}".encode()
    if key is None:
        indent = column(data, _dash(data, part))
        inset = _inset(data, part)
        lines = style.newline.join(item_lines(value, style, indent, inset))
        return part.start, part.end, lines[indent + inset :].encode()
    start, indent = _colon(data, key, part), column(data, key.start)
    head, *rest = _headed("", value, style, indent)
    end = part.end
    comment = ""
    if part.flow or part.kind in ("scalar", "alias"):  # what follows it on its line stays with the name
        comment, end = data[part.end : line_end(data, part.end)].decode().rstrip(), line_end(data, part.end)
    return start, end, style.newline.join([head + comment, *rest]).encode()


def _stays_bracketed(data: bytes, part: Part, value: Any) -> bool:
    """Whether a list of texts that stood in brackets on one line may go on to do so."""
    if not (part.flow and part.kind == "list" and isinstance(value, list | tuple) and value):
        return False
    fits = column(data, part.start) + sum(len(str(one)) + 4 for one in value) <= _WIDTH
    return fits and b"\n" not in data[part.start : part.end] and all(isinstance(one, str) for one in value)


def _colon(data: bytes, key: Part | None, part: Part) -> int:
    """Where what follows a name, or a dash, begins."""
    if key is None:
        return _dash(data, part) + 1
    return data.index(b":", key.end) + 1


def _comment(data: bytes, at: int) -> str:
    found = re.match(rb"[ \t]+#[^\r\n]*", data[at:])
    return found[0].decode() if found else ""


def added(data: bytes, outer: Part, name: str, value: Any, style: Style, after: int = -1) -> Splice:
    """One more member of a block."""
    index = after if after >= 0 else len(outer.members) - 1
    key, last = outer.members[index]
    indent = column(data, outer.members[0][0].start)
    at = _behind(data, max(key.end, last.end), indent)
    lines = list(member_lines(name, value, style, indent))
    return at, at, "".join(style.newline + line for line in _spaced(data, outer, index, lines)).encode()


def _behind(data: bytes, end: int, indent: int) -> int:
    """Where the lines of something end: comments below that are indented further than its name belong to it."""
    at = line_end(data, end)
    while (remark := _REMARK.match(data, at)) is not None and len(remark[1]) > indent:
        at = remark.end()
    return at


def _spaced(data: bytes, outer: Part, index: int, lines: list[str]) -> list[str]:
    """Lines with an empty one before them, where one stands between all the neighbours."""
    ends = [max(key.end, value.end) for key, value in outer.members]
    gaps = [
        re.search(rb"\n[ \t]*\r?\n", data[end : after[0].start]) is not None
        for end, after in zip(ends, outer.members[1:], strict=False)
    ]
    if len(lines) > 1 and gaps and (all(gaps) or (index and gaps[index - 1] and sum(gaps) * 2 > len(gaps))):
        return ["", *lines]
    return lines


def appended(data: bytes, outer: Part, value: Any, style: Style) -> Splice:
    """One more element of a block."""
    last = outer.items[-1]
    indent = column(data, _dash(data, last))
    at = _behind(data, last.end, indent)
    lines = item_lines(value, style, indent, _inset(data, last))
    return at, at, "".join(style.newline + line for line in lines).encode()


def _inset(data: bytes, item: Part) -> int:
    """How far what stands in an element is indented behind its dash."""
    return max(column(data, item.start) - column(data, _dash(data, item)), 2)


def dropped(data: bytes, outer: Part, index: int) -> Splice:
    """A member or element of a block taken out, with the comments right above it."""
    if outer.kind == "map":
        start, end = outer.members[index][0].start, max(one.end for one in outer.members[index])
        following = outer.members[index + 1][0].start if index + 1 < len(outer.members) else None
    else:
        start, end = _dash(data, outer.items[index]), outer.items[index].end
        following = None
    line = data.rfind(b"\n", 0, start) + 1
    if data[line:start].strip():  # it stands behind a dash: what follows takes its place
        if following is None:
            return start, end, b""
        return start, following, b""
    indent = start - line
    while line and not _heads(data, outer, index):
        above = data.rfind(b"\n", 0, line - 1) + 1
        text = data[above : line - 1].rstrip(b"\r")
        if not text.lstrip(b" ").startswith(b"#") or len(text) - len(text.lstrip(b" ")) != indent:
            break
        line = above
    stop = _next_line(data, end)
    if stop >= len(data):
        line = len(data[:line].rstrip())
        if data.endswith(b"\n") and line:  # the last line ends as it did
            line = _next_line(data, line)
    elif index == 0 or _is_blank(data, line):
        while (more := re.match(rb"[ \t]*\r?\n", data[stop:])) is not None:
            stop += more.end()  # one empty line between its neighbours is enough
    return line, stop, b""


def _heads(data: bytes, outer: Part, index: int) -> bool:
    """Whether what stands above an element is about those that follow it right away as well."""
    run = outer.items[index : index + _HEADED]
    return len(run) == _HEADED and all(
        data[one.end : _dash(data, following)].strip(b" \t\r") == b"\n" for one, following in pairwise(run)
    )


def _next_line(data: bytes, at: int) -> int:
    end = data.find(b"\n", at)
    return len(data) if end < 0 else end + 1


def _is_blank(data: bytes, line: int) -> bool:
    """Whether the line before one is empty."""
    above = data.rfind(b"\n", 0, max(line - 1, 0)) + 1
    return line == 0 or not data[above:line].strip()
