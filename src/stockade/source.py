"""Files as they were read: bytes, places in them, and edits to them.

All offsets are byte offsets. Lines and columns exist for people only and are computed on request.
``Source.text`` maps every byte to one character (Latin-1), so that a parser may work on ``str`` and
still speak in byte offsets; ``decode`` turns such a piece back into the Unicode it stands for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import blake2b
from re import Match
from typing import Final

from stockade.errors import EditError
from stockade.patterns import lazy_regex
from stockade.records import dataclass, record

_LONG: Final = 400
"""Bytes of a line by which it is told from others."""

_LINE_END: Final = lazy_regex(b"\n")


class Source:
    """One file's bytes under the path that reports show (POSIX, relative to what was scanned).

    ``bare`` says that nothing in it is secret: it is what is left of a file without its values.
    """

    def __init__(self, path: str, data: bytes, bare: bool = False) -> None:
        self.path = path
        self.data = data
        self.bare = bare

    def __repr__(self) -> str:
        return f"Source({self.path!r}, {len(self.data)} bytes)"

    @cached_property
    def text(self) -> str:
        """The bytes as one character each: offsets in it are byte offsets."""
        return self.data.decode("latin-1")

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *map(Match.end, _LINE_END.finditer(self.data))]

    @cached_property
    def _is_ascii(self) -> bool:
        return self.data.isascii()

    @property
    def line_count(self) -> int:
        return len(self._line_starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a byte offset, both from 1; columns count characters, not bytes."""
        line = bisect_right(self._line_starts, offset)
        start = self._line_starts[line - 1]
        if self._is_ascii:
            return line, offset - start + 1
        return line, len(self.data[start:offset].decode("utf-8", "replace")) + 1

    def line(self, number: int) -> str:
        """The text of one line (from 1), without its line end."""
        starts = self._line_starts
        end = starts[number] if number < len(starts) else len(self.data)
        return self.data[starts[number - 1] : end].decode("utf-8", "replace").rstrip("\r\n")


class Remembered(Source):
    """A file of which nothing but places is left; an offset is a line and a column."""

    _WIDEST: Final = 1 << 32
    """Columns; no line is as long."""

    def __init__(self, path: str) -> None:
        super().__init__(path, b"", bare=True)

    def offset(self, line: int, column: int) -> int:
        return line * self._WIDEST + column

    def position(self, offset: int) -> tuple[int, int]:
        return divmod(offset, self._WIDEST)

    def line(self, number: int) -> str:
        return ""


def decode(piece: str) -> str:
    """The Unicode text behind a piece of ``Source.text``; bytes that are not UTF-8 become U+FFFD."""
    return piece if piece.isascii() else piece.encode("latin-1").decode("utf-8", "replace")


@record
class Span:
    """The half-open byte range [start, end) of a source."""

    source: Source
    start: int
    end: int

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def raw(self) -> bytes:
        return self.source.data[self.start : self.end]

    @property
    def landmark(self) -> str:
        """A name for where it begins that is no other place's, and stays while only other lines are edited.

        Its line by what it says, how many lines of the file before it say so too, and the column. Of a very
        long line, as files on one line have it, it is the offset.
        """
        data = self.source.data
        begins = data.rfind(b"\n", 0, self.start) + 1
        ends = data.find(b"\n", self.start)
        line = data[begins : ends if ends >= 0 else len(data)]
        if len(line) > _LONG:
            return f"{self.path}:{self.start}"
        digest = blake2b(line, digest_size=8).hexdigest()
        return f"{self.path}:{digest}:{data.count(line, 0, begins)}:{self.start - begins}"

    def __str__(self) -> str:
        line, column = self.source.position(self.start)
        return f"{self.path}:{line}:{column}"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the bytes of a span; an empty span inserts, empty ``new`` deletes."""

    span: Span
    new: bytes


def apply(edits: Iterable[Edit], current: Mapping[Source, bytes] | None = None) -> dict[Source, bytes]:
    """The new bytes of every source the edits touch.

    ``current`` holds what the files contain now. Raises ``EditError`` when two edits overlap (or
    insert at the same place, where their order would be a guess), when an edit reaches outside its
    source, or when a file is no longer what was read. The result does not depend on the order of
    the edits.
    """
    by_source: dict[Source, list[Edit]] = {}
    for edit in edits:
        by_source.setdefault(edit.span.source, []).append(edit)
    return {source: _splice(source, group, (current or {}).get(source)) for source, group in by_source.items()}


def _splice(source: Source, edits: list[Edit], current: bytes | None) -> bytes:
    if current is not None and current != source.data:
        raise EditError(f"`{source.path}` has changed since it was read", help="run the command again")
    pieces: list[bytes] = []
    at = 0
    previous: Edit | None = None
    for edit in sorted(edits, key=lambda e: (e.span.start, e.span.end)):
        span = edit.span
        if not 0 <= span.start <= span.end <= len(source.data):
            raise EditError(f"an edit of `{source.path}` reaches outside the file")
        if previous is not None and (
            span.start < previous.span.end or (span.start, span.end) == (previous.span.start, previous.span.end)
        ):
            raise EditError(f"two edits of `{source.path}` overlap at {span}")
        pieces += (source.data[at : span.start], edit.new)
        at, previous = span.end, edit
    pieces.append(source.data[at:])
    return b"".join(pieces)
