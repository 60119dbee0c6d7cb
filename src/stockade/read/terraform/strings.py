"""Quoted strings, heredocs and whole-file templates: their text, escapes and ``${``/``%{`` sequences."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_left
from typing import Final

from stockade.read.terraform import templates
from stockade.read.terraform.lexemes import (
    ASCII_NAME,
    FREE,
    LINE,
    NAME,
    NAME_ENDS,
    SPACE,
    Rules,
    pattern,
    seldom,
)
from stockade.read.terraform.scanner import DEEPEST, Refused, Scanner
from stockade.read.terraform.templates import Piece
from stockade.read.terraform.tree import Expression, Literal, Part, Template

_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}

for_intro = seldom(rf"{SPACE}({NAME})(?:{SPACE},{SPACE}({NAME}))?+{SPACE}in{NAME_ENDS}")
_quoted = pattern(
    r'((?:[^"\\$%\r\n]++|\$++(?!\{)|%++(?!\{))++)'  # 1 text
    r'|\\(?:([nrt"\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|())'  # 2-5 an escape
    r'|(\$++|%++)\{|(")'  # 6, 7
).match
_simple = pattern(rf'"(?:[^"\\$%\r\n\x80-\xff]++|\$\{{{ASCII_NAME}(?:\.{ASCII_NAME})++\}})*+"').match
_looked_up = pattern(rf"\$\{{({ASCII_NAME})((?:\.{ASCII_NAME})++)\}}").finditer
_heredoc = seldom(rf"<<(-)?+({NAME})(?:\n|\r\n)")
_sequence = seldom(r"(?:(?<!\$)\$++|(?<!%)%++)\{")
_sequence_end = seldom(rf"{SPACE}(~)?+\}}")
_directive = seldom(rf"{SPACE}({NAME})")
_lone_return = seldom(r"\r(?!\n)")
_markers = seldom(rf"\n([ \t]*+)({NAME})[ \t]*+(?=\r?(?:\n|\Z))")


class StringParser(Scanner, ABC):
    """Reads strings; the expressions inside are somebody else's."""

    def __init__(self, text: str, whole: str = "file") -> None:
        super().__init__(text, whole)
        self._ends_of_heredocs: dict[str, list[tuple[int, int]]] | None = None

    @abstractmethod
    def expression(self, at: int, rules: Rules) -> Expression:
        """The expression that starts at or after a place."""

    @abstractmethod
    def traversal(self, start: int, end: int, rest: str) -> Expression:
        """A name and the steps behind it, as they stand in the text."""

    def whole_template(self) -> list[Part]:
        """The text as one template."""
        pieces: list[Piece] = []
        self._lines(3 if self.text.startswith("\xef\xbb\xbf") else 0, len(self.text), pieces, 0)
        return templates.assemble(pieces, self.text, self.decode, by_line=True, flush=False)

    def quoted(self, start: int) -> Literal | Template:
        text = self.text
        simple = _simple(text, start)
        if simple is not None and self.depth < DEEPEST:
            return self._simply_quoted(start, simple.end())
        pieces: list[Piece] = []
        at = start + 1
        height = 0
        dynamic = False
        while True:
            found = _quoted(text, at)
            if found is None:
                raise self.expected('`"`', at, LINE)
            end = found.end()
            match found.lastindex:
                case 1:
                    pieces.append((at, end))
                case 6:
                    if end - at == 2:
                        dynamic = True
                        sequence = self._sequence(at)
                        pieces.append(sequence)
                        if self.height > height:
                            height = self.height
                        end = sequence.end
                    else:
                        pieces.append(Literal(at, end, text[at + 1 : end]))
                case 7:
                    break
                case _:
                    pieces.append(self._escape(found))
            at = end
        parts = templates.assemble(pieces, text, self.decode, by_line=False, flush=False)
        if not dynamic:
            self.height = 0
            part = parts[0] if parts else None
            return Literal(start, end, part.value if isinstance(part, Literal) else "")
        self.grow(height, start)
        return Template(start, end, parts, False)

    def _simply_quoted(self, start: int, end: int) -> Literal | Template:
        """A string that has nothing in it but text and names to look up: most of those that are templates."""
        text = self.text
        parts: list[Part] = []
        at = start + 1
        height = -1
        for found in _looked_up(text, at, end):
            begin = found.start()
            if at < begin:
                parts.append(Literal(at, begin, text[at:begin]))
            parts.append(self.traversal(begin + 2, found.end(1), found[2]))
            if self.height > height:
                height = self.height
            at = found.end()
        if height < 0:
            self.height = 0
            return Literal(start, end, text[at : end - 1])
        if at < end - 1:
            parts.append(Literal(at, end - 1, text[at : end - 1]))
        self.grow(height, start)
        return Template(start, end, parts, False)

    def _escape(self, found: re.Match[str]) -> Literal:
        kind, (start, end) = found.lastindex, found.span()
        if kind == 2:
            return Literal(start, end, _ESCAPES[found[2]])
        if kind == 5:
            token = self.text[start : end + 1] if self.text[end : end + 1].isprintable() else "\\"
            self.problem(start, end, f"`{token}` is not an escape sequence")
            return Literal(start, end, "\\")
        code = int(found[kind or 0], 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            self.problem(start, end, f"`{found[0]}` is not a character")
            return Literal(start, end, "\ufffd")
        return Literal(start, end, chr(code))

    def heredoc(self, start: int) -> Template:
        text = self.text
        found = _heredoc.match(text, start)
        if found is None:
            raise self.expected("a name and a new line after `<<`", start + 2, LINE)
        tag = found[2]
        self.name(*found.span(2))
        ends = self._heredoc_ends(tag)
        pieces: list[Piece] = []
        at = found.end()
        height = 0
        while True:
            which = bisect_left(ends, (at, 0))
            if which == len(ends):
                raise Refused(start, found.end(2), f"expected `{tag}` on a line of its own, found end of file")
            stop, end = ends[which]
            at, height = self._lines(at, stop, pieces, height)
            if at <= stop:
                break
        bad = _lone_return.search(text, found.end(), stop)
        if bad is not None:
            self.problem(bad.start(), bad.end(), "a carriage return without a line feed")
        if end == len(text):
            self.problem(start, found.end(2), f"expected a new line after `{tag}`, found end of file")
        parts = templates.assemble(pieces, text, self.decode, by_line=True, flush=found[1] is not None)
        self.grow(height, start)
        return Template(start, end, parts, True)

    def _lines(self, at: int, stop: int, pieces: list[Piece], height: int) -> tuple[int, int]:
        """Cut a template that has lines into pieces, up to ``stop`` or the end of a sequence beyond it."""
        while at < stop:
            found = _sequence.search(self.text, at, stop)
            if found is None:
                pieces.append((at, stop))
                return stop, height
            begin, end = found.span()
            if end - begin == 2:
                if at < begin:
                    pieces.append((at, begin))
                sequence = self._sequence(begin)
                pieces.append(sequence)
                height = max(height, self.height)
                at = sequence.end
            else:
                if at < end - 3:
                    pieces.append((at, end - 3))
                pieces.append(Literal(end - 3, end, self.text[end - 2 : end]))
                at = end
        return at, height

    def _heredoc_ends(self, tag: str) -> list[tuple[int, int]]:
        """Where lines of only that tag begin, and where the tag on them ends."""
        if self._ends_of_heredocs is None:
            self._ends_of_heredocs = {}
            for found in _markers.finditer(self.text):
                self._ends_of_heredocs.setdefault(found[2], []).append((found.start(1), found.end(2)))
        return self._ends_of_heredocs.get(tag, [])

    def _sequence(self, start: int) -> templates.Sequence:
        """``${...}`` or ``%{...}`` at a place."""
        text = self.text
        at = start + 2
        strips_before = text[at : at + 1] == "~"
        if strips_before:
            at += 1
        sequence: templates.Sequence
        if text[start] == "$":
            value = self.expression(at, FREE)
            sequence = templates.Interpolation(start, at, strips_before, False)
            sequence.expression = value
            at = value.end
        else:
            sequence, at = self._directive(start, at, strips_before)
        close = _sequence_end.match(text, at)
        if close is None:
            raise self.expected("`}`", at)
        sequence.end = close.end()
        sequence.strips_after = close[1] is not None
        return sequence

    def _directive(self, start: int, at: int, strips_before: bool) -> tuple[templates.Sequence, int]:
        text = self.text
        found = _directive.match(text, at)
        keyword = found[1] if found else ""
        if found is None or keyword not in ("if", "else", "endif", "for", "endfor"):
            raise self.expected("`if`, `else`, `endif`, `for` or `endfor`", at)
        at = found.end()
        self.height = 0
        if keyword == "if":
            test = templates.If(start, at, strips_before, False)
            test.condition = self.expression(at, FREE)
            return test, test.condition.end
        if keyword == "for":
            intro = for_intro.match(text, at)
            if intro is None:
                raise self.expected("a name and `in` after `for`", at)
            loop = templates.For(start, at, strips_before, False)
            first = self.name(*intro.span(1))
            loop.key, loop.value = (first, self.name(*intro.span(2))) if intro[2] else (None, first)
            loop.collection = self.expression(intro.end(), FREE)
            return loop, loop.collection.end
        if keyword == "else":
            return templates.Else(start, at, strips_before, False), at
        end = templates.End(start, at, strips_before, False)
        end.keyword = keyword
        return end, at
