"""One file under change: replacements of its bytes, put into the file's own columns, as edits.

All offsets are those of the file as it was read. What is inserted is given with ``\\n`` as its line ends and
gets the file's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from stockade.fix.terraform.columns import is_celled, lined_up
from stockade.patterns import lazy_regex
from stockade.source import Edit, Source, Span

_INDENT = lazy_regex(r"[ \t]*")


class Page:
    """A source and what is to be replaced in it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.newline = "\r\n" if "\r\n" in source.text else "\n"
        self._pieces: list[tuple[int, int, str]] = []
        self._raw: set[int] = set()

    # ------------------------------------------------------------------------------------- asking

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """Where the line of an offset ends, before its line end."""
        found = self.text.find("\n", at)
        end = len(self.text) if found < 0 else found
        return end - 1 if found > at and self.text[end - 1] == "\r" else end

    def next_line(self, at: int) -> int:
        """Where the line after that of an offset begins; the end of the file where there is none."""
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found + 1

    def indent(self, at: int) -> str:
        """The white space that the line of an offset begins with."""
        found = _INDENT.match(self.text, self.line_start(at))
        return found[0] if found else ""

    def is_blank(self, at: int) -> bool:
        """Whether nothing is on the line of an offset."""
        return not self.text[self.line_start(at) : self.line_end(at)].strip()

    def position(self, at: int) -> str:
        """File and line, for people."""
        return f"{self.source.path}:{self.source.position(at)[0]}"

    # ----------------------------------------------------------------------------------- changing

    def replace(self, start: int, end: int, new: str, raw: bool = False) -> None:
        """Put text (Unicode) into the place of some bytes; ``raw`` where they are no code, as in a heredoc."""
        text = new.encode().decode("latin-1").replace("\n", self.newline)
        if self.text[start:end] != text:
            self._pieces.append((start, end, text))
            if raw:
                self._raw.add(start)

    def retract(self, start: int, end: int) -> None:
        """Take back what was to be put into the place of some bytes."""
        self._pieces = [one for one in self._pieces if one[:2] != (start, end)]

    def edits(self) -> tuple[Edit, ...]:
        """The replacements as edits, no larger than they have to be."""
        out: list[Edit] = []
        for start, end, pieces in self._regions():
            old = self.text[start:end]
            new = _spliced(old, start, pieces)
            if not any(one[0] in self._raw for one in pieces):
                new = self._columns(old, new)
            out += self._between(start, old, new)
        return tuple(out)

    def _regions(self) -> Iterator[tuple[int, int, list[tuple[int, int, str]]]]:
        """Whole lines that belong together with what is replaced in them, one after another."""
        region: tuple[int, int, list[tuple[int, int, str]]] | None = None
        for piece in sorted(set(self._pieces)):
            start, end = self._around(piece)
            if region is not None and start <= region[1]:
                region = (region[0], max(end, region[1]), [*region[2], piece])
                continue
            if region is not None:
                yield region
            region = (start, end, [piece])
        if region is not None:
            yield region

    def _around(self, piece: tuple[int, int, str]) -> tuple[int, int]:
        """The lines of a replacement, and their neighbours in the same columns."""
        start, end = self.line_start(piece[0]), self.next_line(max(piece[0], piece[1]))
        if piece[0] in self._raw:
            return start, end
        while start and is_celled(self._line(start - 1)):
            start = self.line_start(start - 1)
        while end < len(self.text) and is_celled(self._line(end)):
            end = self.next_line(end)
        return start, end

    def _line(self, at: int) -> str:
        return self.text[self.line_start(at) : self.line_end(at)]

    def _columns(self, old: str, new: str) -> str:
        before, after = _lines(old), _lines(new)
        if lined_up(_without_ends(before)) != _without_ends(before):
            return new  # it was not in columns before
        ends = [line[len(line.rstrip("\r\n")) :] for line in after]
        return "".join(a + b for a, b in zip(lined_up(_without_ends(after)), ends, strict=True))

    def _between(self, start: int, old: str, new: str) -> Iterator[Edit]:
        before, after = _lines(old), _lines(new)
        offsets = [0]
        for line in before:
            offsets.append(offsets[-1] + len(line))
        for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if kind == "equal":
                continue
            if kind == "replace" and b - a == d - c:
                for one, other in zip(range(a, b), range(c, d), strict=True):
                    yield from self._trimmed(start + offsets[one], before[one], after[other])
            else:
                yield from self._trimmed(start + offsets[a], "".join(before[a:b]), "".join(after[c:d]))

    def _trimmed(self, start: int, old: str, new: str) -> Iterator[Edit]:
        """One edit without what is the same at both of its ends."""
        if old == new:
            return
        head = 0
        while head < min(len(old), len(new)) and old[head] == new[head]:
            head += 1
        tail = 0
        while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        span = Span(self.source, start + head, start + len(old) - tail)
        yield Edit(span, new[head : len(new) - tail].encode("latin-1"))


def _spliced(old: str, start: int, pieces: list[tuple[int, int, str]]) -> str:
    out, at = "", start
    for first, last, text in pieces:
        out += old[at - start : first - start] + text
        at = last
    return out + old[at - start :]


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _without_ends(lines: list[str]) -> list[str]:
    return [line.rstrip("\r\n") for line in lines]
