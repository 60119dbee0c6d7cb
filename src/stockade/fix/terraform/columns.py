"""The columns that ``terraform fmt`` makes: equals signs, and comments behind a line, one below the other.

What ``fmt`` lines up are cells of neighbouring lines: what stands before ``=``, what stands behind it unless it
opens a bracket that stays open, and a comment at the end. A line without such a cell ends a column. Only
lines that stood in their columns before are put back into them: who writes otherwise is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.source import decode

_KEY = lazy_regex(
    r"""([ \t]*)([A-Za-z_\x80-\xff][\w.\x80-\xff-]*|"[^"\\$%]*"|\([^()"]*\))([ \t]*)=(?![=>])[ \t]*(?=\S)"""
)
_QUOTED = lazy_regex(r'\\.|"|[$%]\{')
_STEP = lazy_regex(r'"|[\[\]{}()]|\#|//|/\*')


@dataclass(slots=True)
class _Line:
    """A line in its cells; ``assign`` and ``comment`` are empty where it has none."""

    lead: str
    assign: str
    comment: str

    @property
    def is_celled(self) -> bool:
        return bool(self.assign or self.comment)


def is_celled(line: str) -> bool:
    """Whether a line (without its end) is in a column with its neighbours, if those are too."""
    return _cells(line).is_celled


def lined_up(lines: Sequence[str]) -> list[str]:
    """Neighbouring lines as ``fmt`` would leave them, their indentation and inner spaces untouched."""
    cells = [_cells(line) for line in lines]
    before = _columns(cells, lambda one: bool(one.assign), lambda one: one.lead)
    codes = [
        f"{one.lead}{' ' * (width - _width(one.lead) + 1)}{one.assign}" if one.assign else one.lead
        for one, width in zip(cells, before, strict=True)
    ]
    for one, code in zip(cells, codes, strict=True):
        one.lead = code
    behind = _columns(cells, lambda one: bool(one.comment), lambda one: one.lead)
    return [
        f"{one.lead}{' ' * (width - _width(one.lead) + 1)}{one.comment}" if one.comment else one.lead
        for one, width in zip(cells, behind, strict=True)
    ]


def _columns(cells: Sequence[_Line], has: Callable[[_Line], bool], cell: Callable[[_Line], str]) -> list[int]:
    """For every line how wide the column is that a run of lines shares."""
    out: list[int] = []
    for _, run in groupby(cells, has):
        lines = list(run)
        out += [max(_width(cell(one)) for one in lines)] * len(lines)
    return out


def _width(text: str) -> int:
    return len(decode(text))


def _cells(line: str) -> _Line:
    code, comment = _split(line)
    key = _KEY.match(code)
    if key is None:
        return _Line(code, "", comment)
    lead = key[1] + key[2]
    rest = code[key.end(3) + 1 :].strip(" \t")
    if _net(code[key.end(3) :]) != 0:
        return _Line(f"{lead} = {rest}", "", comment)
    return _Line(lead, f"= {rest}", comment)


def _split(line: str) -> tuple[str, str]:
    """What is written in a line, and the comment behind it; a line that is only a comment has none behind."""
    at = 0
    while found := _STEP.search(line, at):
        if found[0] == '"':
            at = _string_end(line, found.end())
        elif found[0] in ("#", "//", "/*"):
            code = line[: found.start()].rstrip(" \t")
            is_behind = bool(code) and (found[0] != "/*" or line.rstrip().endswith("*/"))
            return (code, line[found.start() :]) if is_behind else (line, "")
        else:
            at = found.end()
    return line.rstrip(" \t"), ""


def _net(code: str) -> int:
    """How many more brackets a piece of a line opens than it closes."""
    depth, at = 0, 0
    while found := _STEP.search(code, at):
        if found[0] == '"':
            at = _string_end(code, found.end())
            continue
        depth += 1 if found[0] in "([{" else -1 if found[0] in ")]}" else 0
        at = found.end()
    return depth


def _string_end(line: str, at: int) -> int:
    """Where a string ends whose quote is open, interpolations with strings of their own in it included."""
    while found := _QUOTED.search(line, at):
        at = found.end()
        if found[0] == '"':
            return at
        if found[0] in ("${", "%{") and line[found.start() - 1 : found.start()] != found[0][0]:
            at = _interpolation_end(line, at)
    return len(line)


def _interpolation_end(line: str, at: int) -> int:
    depth = 1
    while found := _STEP.search(line, at):
        at = found.end()
        if found[0] == '"':
            at = _string_end(line, at)
        elif found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth -= 1
            if depth == 0:
                return at
    return len(line)
