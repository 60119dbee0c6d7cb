"""Byte offsets of sources as positions of the Language Server Protocol, and files as its URIs.

The protocol counts lines from 0 and characters in units that client and server agree on: UTF-16 unless the
client asks for another. It also ends lines at a lone carriage return; no file that we read has those.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from stockade.source import Source, Span

UTF_16: Final = "utf-16"
NOWHERE: Final = types.Range(types.Position(0, 0), types.Position(0, 0))
"""The first place of a file, for what is said of all of it."""


def position(source: Source, offset: int, encoding: str = UTF_16) -> types.Position:
    """Where a byte offset is, in the units of an encoding (``utf-8``, ``utf-16`` or ``utf-32``)."""
    line = source.position(offset)[0]
    start = source.data.rfind(b"\n", 0, offset) + 1
    before = source.data[start:offset].decode("utf-8", "replace")
    return types.Position(line - 1, units(before, encoding))


def units(text: str, encoding: str) -> int:
    """How long a text is in an encoding's units."""
    if encoding == "utf-8":
        return len(text.encode("utf-8", "replace"))
    return len(text) + (sum(one > "\uffff" for one in text) if encoding == UTF_16 else 0)


def range_of(span: Span, encoding: str = UTF_16) -> types.Range:
    """A span; for a source that is only what is left of a file without its values, the file's first place."""
    if span.source.bare:
        return NOWHERE
    return types.Range(position(span.source, span.start, encoding), position(span.source, span.end, encoding))


def overlap(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges meet; an empty one meets what it touches."""
    return _key(one.start) <= _key(other.end) and _key(other.start) <= _key(one.end)


def holds(range: types.Range, place: types.Position) -> bool:
    return _key(range.start) <= _key(place) <= _key(range.end)


def _key(place: types.Position) -> tuple[int, int]:
    return place.line, place.character


def edits(old: bytes, new: bytes, encoding: str = UTF_16) -> Iterator[types.TextEdit]:
    """What makes one text of another, whole lines at a time, so that an editor keeps its cursor."""
    source = Source("", old)
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            where = types.Range(position(source, starts[a], encoding), position(source, starts[b], encoding))
            yield types.TextEdit(where, b"".join(after[c:d]).decode("utf-8", "replace"))


def path_of(uri: str) -> Path | None:
    """The file behind a URI as it is written; ``None`` for what is not a file (a buffer without a name)."""
    found = to_fs_path(uri) if uri.startswith("file:") else None
    return Path(os.path.abspath(found)) if found else None


def uri_of(path: Path) -> str:
    return from_fs_path(str(path)) or path.as_uri()
