"""A few lines of a source with the deciding piece marked, and with secrets left out.

All places are byte ranges until the last moment; then every piece of a line is decoded, its secrets
are taken out, and tabs and unprintable characters are replaced, so that marks stand under what they
mark whatever the file contains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from rich.cells import cell_len, set_cell_size

from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.show.escape import escape
from stockade.show.paper import Paper, Piece
from stockade.source import Remembered, Source, Span

MOST_LINES = 5
"""How many lines of a place are shown; of a longer one the first, and how many more there are."""

LONG = 12
"""A secret of fewer bytes shows nothing of itself; of a longer one the first four may be seen."""

_CONTEXT = 1000
"""How many bytes of a line are looked at on either side of a place: lines may have megabytes."""

_LOOKS_SECRET = lazy_regex(
    rb"""(?ix)
    (?<![\w-]) [\w-]* (?:secret|passw|token|api_?key|private_?key|credential) [\w-]*
        ["']? \s* [=:] \s* ["'] (?P<value> (?!arn:|\$\{|\{\{) [^"'\\]{8,})
    | (?P<token> \b (?:sk|pk|rk|ghp|gho|xox[abprs]|glpat|AKIA|ASIA) [-_]? [\w-]{16,})"""
)
"""What may well be a secret on a line that is only shown because a place is near it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source as it is shown: before, inside and after the marked piece."""

    number: int
    before: str
    marked: str
    after: str


def excerpt(
    paper: Paper, span: Span, note: str, concealed: Sequence[Span], context: Sequence[Span] = ()
) -> None:
    """Write the place with line numbers; of other places in its file, the lines they begin on around it.

    Of a file whose text was not kept only the place is shown.
    """
    if isinstance(span.source, Remembered):
        paper.line(("   --> ", "dim"), (f"{span}", "bold"))
        if note:
            paper.line(("    │ ", "dim"), (note, "italic"))
        return
    lines = list(_lines(paper, span, concealed))
    shown, more = lines[:MOST_LINES], len(lines) - MOST_LINES
    first, last = shown[0].number, lines[-1].number
    around = {
        one.line: next(_lines(paper, one, concealed))
        for one in context
        if one.source is span.source and not first <= one.line <= last
    }
    above = [around[number] for number in sorted(around) if number < first]
    below = [around[number] for number in sorted(around) if number > last]
    gutter = max(len(str(max([last, *around]))), 3)
    room = max(paper.width - gutter - 4, 20)
    blank = " " * gutter

    paper.line((f"{blank}--> ", "dim"), (f"{span}", "bold"))
    for one, following in zip(above, [*above[1:], shown[0]], strict=False):
        _unmarked(paper, one, gutter, room)
        if one.number + 1 < following.number:
            paper.line((f"{blank} ⋮", "dim"))
    if len(lines) == 1:
        _marked(paper, shown[0], note, gutter, room)
    else:
        for one in shown:
            cut = _cut(one, room)
            paper.line((f"{one.number:>{gutter}} ┃ ", "red"), cut.before, (cut.marked, "bold red"), cut.after)
        if more > 0:
            paper.line((f"{blank} ⋮ {more:,} more line{'s' if more > 1 else ''}", "dim"))
        if note:
            paper.line((f"{blank} │ ", "dim"), (note, "italic"))
    for previous, one in zip([last, *(line.number for line in below)], below, strict=False):
        if previous + 1 < one.number:
            paper.line((f"{blank} ⋮", "dim"))
        _unmarked(paper, one, gutter, room)


def _unmarked(paper: Paper, line: Line, gutter: int, room: int) -> None:
    whole = _left(line.before + line.marked + line.after, room)
    paper.line((f"{line.number:>{gutter}} │ ", "dim"), (whole, "dim"))


def _marked(paper: Paper, line: Line, note: str, gutter: int, room: int) -> None:
    """The line, and its marks below with the note beside or, where there is no room, under them."""
    cut = _window(line, room)
    paper.line((f"{line.number:>{gutter}} │ ", "dim"), cut.before, (cut.marked, "bold red"), cut.after)
    margin = (f"{' ' * gutter} │ ", "dim")
    space = " " * cell_len(paper.safe(cut.before))
    marks = "^" * cell_len(paper.safe(cut.marked))
    if marks and cell_len(f"{space}{marks} {note}") <= room:
        paper.line(margin, space, (marks, "bold red"), " ", (note, "italic"))
        return
    if marks:
        paper.line(margin, space, (marks, "bold red"))
    if note:
        paper.line(margin, (note, "italic"))


def first_line(paper: Paper, span: Span, concealed: Sequence[Span], room: int) -> list[Piece]:
    """The line a place begins on, without its indentation, in at most ``room`` cells; nothing in very few."""
    if room < 12 or isinstance(span.source, Remembered):
        return []
    one = next(_lines(paper, span, concealed))
    line = Line(one.number, one.before.lstrip(), one.marked, one.after.rstrip())
    cut = _cut(line, room) if cell_len(line.before) <= room // 2 else _window(line, room)
    return [(cut.before, "dim"), cut.marked, (cut.after, "dim")]


# ------------------------------------------------------------------------------------------- lines


class _Safe(Protocol):
    def safe(self, text: str) -> str: ...


class _Escaped:
    """Text for pages, whose encoding has every character."""

    def safe(self, text: str) -> str:
        return escape(text)


def lines(span: Span, concealed: Sequence[Span]) -> tuple[list[Line], int]:
    """The first lines of a place without its secrets, for what is no terminal; and how many more there are."""
    every = list(_lines(_Escaped(), span, concealed))
    return every[:MOST_LINES], max(len(every) - MOST_LINES, 0)


def _lines(paper: _Safe, span: Span, concealed: Sequence[Span]) -> Iterator[Line]:
    """Every line that a place touches; there is always one."""
    data, number = span.source.data, span.line
    start = data.rfind(b"\n", 0, span.start) + 1
    while True:
        found = data.find(b"\n", start)
        end = len(data) if found < 0 else found
        inner_start, inner_end = max(span.start, start), max(min(span.end, end), start)
        if start > span.start:  # a line that continues the place: its indentation is not part of it
            inner_start = min(start + _indentation(data, start, end), inner_end)
        first, last = max(start, inner_start - _CONTEXT), min(end, inner_end + _CONTEXT)
        hidden = _hidden(span.source, first, last, span, concealed)
        bounds = ((first, inner_start), (inner_start, inner_end), (inner_end, last))
        yield Line(number, *(_shown(paper, data, left, right, hidden) for left, right in bounds))
        number, start = number + 1, end + 1
        if start >= span.end or found < 0:
            return


def _indentation(data: bytes, start: int, end: int) -> int:
    line = data[start:end]
    return len(line) - len(line.lstrip(b" \t"))


def _shown(paper: _Safe, data: bytes, start: int, end: int, hidden: Sequence[tuple[int, int]]) -> str:
    """A piece of a line; tabs are expanded alone, so that a piece is as wide wherever it stands."""
    return paper.safe(_visible(data, start, end, hidden).rstrip("\r").replace("\t", "    "))


def _hidden(
    source: Source, start: int, end: int, span: Span, concealed: Sequence[Span]
) -> list[tuple[int, int]]:
    """The secrets that a byte range touches, whole, in order and apart from each other."""
    ranges = [
        (one.start, one.end)
        for one in concealed
        if one.source is source and one.start < min(end, one.end) and one.end > start
    ]
    for found in _LOOKS_SECRET.finditer(source.data, start, end):
        first, stop = found.span("value" if found["value"] is not None else "token")
        if not (first - 1 <= span.start and span.end <= stop + 1):  # what is marked was meant to be shown
            ranges.append((first, stop))
    merged: list[tuple[int, int]] = []
    for first, stop in sorted(ranges):
        if merged and first < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((first, stop))
    return merged


def _visible(data: bytes, start: int, end: int, hidden: Sequence[tuple[int, int]]) -> str:
    """A byte range as text without the secrets in it."""
    out, at = [], start
    for first, stop in hidden:
        if stop > start and first < end:
            out.append(data[at : max(first, at)].decode("utf-8", "replace"))
            out.append(_masked(data, first, stop, start, end))
            at = min(stop, end)
    out.append(data[at:end].decode("utf-8", "replace"))
    return "".join(out)


def _masked(data: bytes, first: int, stop: int, start: int, end: int) -> str:
    """What is shown of a secret within [start, end): its quotes and, if it is long, four characters.

    However a secret is split over pieces and lines, only the piece that it begins in shows any of it.
    """
    secret = data[first:stop]
    inner = secret.strip(b"\"'")
    quote = len(secret) - len(secret.lstrip(b"\"'"))
    opening = secret[:quote] + (inner[:4] if len(inner) >= LONG else b"")
    closing = secret[quote + len(inner) :]
    left = opening[max(start - first, 0) : max(end - first, 0)]
    right = closing if start <= stop - len(closing) and stop <= end else b""
    return f"{left.decode('utf-8', 'replace')}…{right.decode('utf-8', 'replace')}"


# ------------------------------------------------------------------------------------------ widths


def _window(line: Line, room: int) -> Line:
    """The line cut to ``room`` cells around its marked piece."""
    before, marked, after = line.before, line.marked, line.after
    if cell_len(before) + cell_len(marked) + cell_len(after) <= room:
        return line
    marked = _left(marked, room - 2)
    spare = room - cell_len(marked)
    wanted_left = max(spare // 2, spare - cell_len(after))
    before = _right(before, wanted_left)
    return Line(line.number, before, marked, _left(after, spare - cell_len(before)))


def _cut(line: Line, room: int) -> Line:
    """The line cut at its end, for lines that stand below each other."""
    marked = _left(line.marked, room - cell_len(line.before))
    after = _left(line.after, room - cell_len(line.before) - cell_len(marked))
    return Line(line.number, line.before, marked, after)


def _left(text: str, cells: int) -> str:
    """The beginning of a text in at most so many cells, with an ellipsis where it was cut."""
    if cell_len(text) <= cells:
        return text
    return set_cell_size(text, cells - 1) + "…" if cells > 0 else ""


def _right(text: str, cells: int) -> str:
    """The end of a text in at most so many cells."""
    if cell_len(text) <= cells:
        return text
    if cells <= 0:
        return ""
    text = text[-cells:]
    while text and cell_len(text) > cells - 1:
        text = text[1:]
    return "…" + text
