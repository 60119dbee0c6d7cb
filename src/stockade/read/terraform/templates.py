"""From the pieces of a template to its parts: strip markers, indentation, directives.

The scanner (``expressions.py``) cuts a template into literal text and ``${``/``%{`` sequences; here
white space beside ``~`` goes, the common indentation of ``<<-`` goes, and ``if`` and ``for``
directives get their bodies. Where the text has lines (heredocs, template files) a strip marker
reaches no further than the end of its own line, as in Terraform.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from stockade.patterns import lazy_regex
from stockade.read.terraform.scanner import DEEPEST, Refused
from stockade.read.terraform.tree import Expression, ForDirective, IfDirective, Literal, Node, Part


class Sequence(Node):
    """``${...}`` or ``%{...}`` with its strip markers."""

    __slots__ = ("strips_after", "strips_before")

    def __init__(self, start: int, end: int, strips_before: bool, strips_after: bool) -> None:
        super().__init__(start, end)
        self.strips_before = strips_before
        self.strips_after = strips_after


class Interpolation(Sequence):
    """``${expression}``."""

    __slots__ = ("expression",)
    expression: Expression


class If(Sequence):
    """``%{ if condition }``."""

    __slots__ = ("condition",)
    condition: Expression


class For(Sequence):
    """``%{ for key, value in collection }``."""

    __slots__ = ("collection", "key", "value")
    key: str | None
    value: str
    collection: Expression


class Else(Sequence):
    """``%{ else }``."""

    __slots__ = ()


class End(Sequence):
    """``%{ endif }`` or ``%{ endfor }``."""

    __slots__ = ("keyword",)
    keyword: str


Piece: TypeAlias = tuple[int, int] | Literal | Sequence
"""Verbatim text by its place, an escape as the text it stands for, or a sequence."""

_WIDE_SPACES = tuple(
    c.encode().decode("latin-1")
    for c in "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
)
_NARROW_SPACES = " \t\n\v\f\r"
_ONE_SPACE = f"(?:[{_NARROW_SPACES}]|{'|'.join(_WIDE_SPACES)})"
_SPACES = lazy_regex(f"{_ONE_SPACE}*+")
_ESCAPED_SPACES = frozenset(_NARROW_SPACES) | {c.encode("latin-1").decode() for c in _WIDE_SPACES}


def assemble(
    pieces: list[Piece], text: str, decode: Callable[[int, int], str], by_line: bool, flush: bool
) -> list[Part]:
    """The parts of a template.

    ``text`` has one character per byte; ``decode`` gives the Unicode of a stretch of it. ``by_line``
    holds for heredocs and files, ``flush`` for ``<<-``. Raises ``Refused`` when directives do not
    match.
    """
    count = len(pieces)
    if any(isinstance(piece, Sequence) and (piece.strips_before or piece.strips_after) for piece in pieces):
        pieces = _strip(pieces, text, by_line)
    if flush:
        pieces = _unindent(pieces, text)
    parts = _nest(pieces, decode)
    if len(parts) == 1 < count and any(
        isinstance(p, Interpolation) and p.expression is parts[0] for p in pieces
    ):
        # An expression beside which all text was stripped is still turned into a string.
        parts.append(Literal(parts[0].end, parts[0].end, ""))
    return parts


# ----------------------------------------------------------------------------------- white space


def _strip(pieces: list[Piece], text: str, by_line: bool) -> list[Piece]:
    out: list[Piece] = []
    stripping = False
    for piece in pieces:
        if isinstance(piece, Sequence):
            if piece.strips_before:
                _strip_end(out, text, by_line)
            stripping = piece.strips_after
        elif stripping:
            rest = _strip_start(piece, text, by_line)
            stripping = rest is None and not by_line
            if rest is None:
                continue
            piece = rest
        out.append(piece)
    return out


def _strip_start(piece: tuple[int, int] | Literal, text: str, by_line: bool) -> Piece | None:
    """What is left of a piece of text after a strip marker; by line, its first line only."""
    if isinstance(piece, Literal):
        return None if piece.value in _ESCAPED_SPACES else piece
    start, end = piece
    limit = text.find("\n", start, end) + 1 if by_line else end
    found = _SPACES.match(text, start, limit or end)
    start = found.end() if found else start
    return (start, end) if start < end else None


def _strip_end(pieces: list[Piece], text: str, by_line: bool) -> None:
    """Drop white space from the end of what stands before a strip marker; by line, its last line only."""
    while pieces:
        piece = pieces[-1]
        if isinstance(piece, Sequence):
            return
        if isinstance(piece, Literal):
            if piece.value not in _ESCAPED_SPACES:
                return
            pieces.pop()
            continue
        start, end = piece
        floor = _reach(text, start, end) if by_line else start
        kept = _end_without_spaces(text, floor, end)
        if kept > start:
            pieces[-1] = (start, kept)
            return
        pieces.pop()
        if by_line:
            return


def _reach(text: str, start: int, end: int) -> int:
    """How far back a strip marker reaches where text has lines."""
    for line_end in (end - 1, end - 2):
        # Terraform takes ``$`` or ``%`` and the character after it as one word, and a line's end
        # right after that as the next.
        if text[line_end:end] in ("\n", "\r\n") and line_end - 2 >= start and text[line_end - 2] in "$%":
            return line_end
    return max(start, text.rfind("\n", start, end - 1) + 1)


def _end_without_spaces(text: str, floor: int, end: int) -> int:
    while end > floor:
        if text[end - 1] in _NARROW_SPACES:
            end -= 1
        elif text[end - 1] > "\x7f" and text.endswith(_WIDE_SPACES, floor, end):
            end -= 2 if text.endswith(_WIDE_SPACES[:2], floor, end) else 3
        else:
            break
    return end


def _unindent(pieces: list[Piece], text: str) -> list[Piece]:
    """Take the common indentation off the lines of a ``<<-`` heredoc, each line a piece of its own.

    A line's indentation is the white space it starts with, counted in characters; a line without
    literal text at its start has none, and a line of nothing but white space does not count.
    """
    lines: list[Piece] = []
    indented: dict[int, int] = {}  # index into `lines` -> where its indentation ends
    fewest: int | None = None
    fresh = True
    for piece in pieces:
        if not isinstance(piece, tuple):
            if fresh:
                fewest = 0
            fresh = False
            lines.append(piece)
            continue
        start, end = piece
        while start < end:
            stop = text.find("\n", start, end) + 1 or end
            if fresh:
                found = _SPACES.match(text, start, stop)
                margin = found.end() if found else start
                if margin < stop or text[stop - 1] != "\n":
                    indented[len(lines)] = margin
                    width = _characters(text, start, margin)
                    fewest = width if fewest is None else min(fewest, width)
            fresh = text[stop - 1] == "\n"
            lines.append((start, stop))
            start = stop
    if not fewest:
        return lines
    for index, margin in indented.items():
        line = lines[index]
        if isinstance(line, tuple):
            lines[index] = (_advance(text, line[0], margin, fewest), line[1])
    return lines


def _characters(text: str, start: int, end: int) -> int:
    return sum(not "\x80" <= c <= "\xbf" for c in text[start:end])


def _advance(text: str, start: int, margin: int, count: int) -> int:
    """The place ``count`` characters further on, at most ``margin``."""
    while count and start < margin:
        start += 1
        while start < margin and "\x80" <= text[start] <= "\xbf":
            start += 1
        count -= 1
    return start


# ------------------------------------------------------------------------------------- structure


class _Open:
    """A directive whose end has not come yet, and the parts that stood before it."""

    __slots__ = ("before", "opener", "then")

    def __init__(self, opener: If | For, before: list[Part]) -> None:
        self.opener = opener
        self.before = before
        self.then: list[Part] | None = None
        """The parts before ``%{ else }``, once that was seen."""


def _nest(pieces: list[Piece], decode: Callable[[int, int], str]) -> list[Part]:
    """Parts out of pieces: text that touches becomes one literal, directives get their bodies."""
    parts: list[Part] = []
    stack: list[_Open] = []
    run: list[tuple[int, int] | Literal] = []
    for piece in pieces:
        if not isinstance(piece, Sequence):
            start, end = piece if isinstance(piece, tuple) else (piece.start, piece.end)
            if start == end:
                continue
            if run and _end(run[-1]) != start:
                parts.append(_literal(run, decode))
                run = []
            run.append(piece)
            continue
        if run:
            parts.append(_literal(run, decode))
            run = []
        match piece:
            case Interpolation():
                parts.append(piece.expression)
            case If() | For():
                stack.append(_Open(piece, parts))
                if len(stack) > DEEPEST:
                    raise Refused(piece.start, piece.end, "nested too deeply")
                parts = []
            case Else():
                if not stack or not isinstance(stack[-1].opener, If) or stack[-1].then is not None:
                    raise Refused(piece.start, piece.end, "`else` belongs to no `if` directive")
                stack[-1].then = parts
                parts = []
            case End():
                if not stack or piece.keyword != _END_OF[type(stack[-1].opener)]:
                    raise Refused(piece.start, piece.end, f"`{piece.keyword}` ends no directive")
                opened = stack.pop()
                opened.before.append(_directive(opened, piece.end, parts))
                parts = opened.before
    if run:
        parts.append(_literal(run, decode))
    if stack:
        opener = stack[-1].opener
        raise Refused(opener.start, opener.end, f"expected `{_END_OF[type(opener)]}`, found end of template")
    return parts


_END_OF: dict[type[Sequence], str] = {If: "endif", For: "endfor"}


def _directive(opened: _Open, end: int, parts: list[Part]) -> Part:
    opener = opened.opener
    if isinstance(opener, For):
        return ForDirective(opener.start, end, opener.key, opener.value, opener.collection, parts)
    if opened.then is None:
        return IfDirective(opener.start, end, opener.condition, parts, [])
    return IfDirective(opener.start, end, opener.condition, opened.then, parts)


def _end(piece: tuple[int, int] | Literal) -> int:
    return piece[1] if isinstance(piece, tuple) else piece.end


def _literal(run: list[tuple[int, int] | Literal], decode: Callable[[int, int], str]) -> Literal:
    first = run[0]
    start = first[0] if isinstance(first, tuple) else first.start
    end = _end(run[-1])
    if len(run) == 1 and isinstance(first, tuple):
        return Literal(start, end, decode(start, end))
    return Literal(start, end, "".join(decode(*p) if isinstance(p, tuple) else str(p.value) for p in run))
