"""One file of many small JSON documents, each read on its own: dated data that costs what it is used.

The layout: a line of JSON (``source``, ``date``, and ``members``: name to offset and length), then
the members one after another, each a zlib stream primed with the dictionary that comes first.
Opening one is ten times quicker than opening a zip archive of as many members.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

DATA: Final = Path(__file__).parent / "data"
_DICTIONARY: Final = "\n"  # no member's name


class Pack:
    """A pack opened for reading. ``source`` says where its data comes from, ``date`` (ISO) of when it is."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        end = self._data.index(b"\n")
        header = json.loads(self._data[:end])
        self.source: str = header["source"]
        self.date: str = header["date"]
        self._members: dict[str, list[int]] = header["members"]
        self._start = end + 1
        offset, length = self._members.pop(_DICTIONARY)
        self._dictionary = self._data[self._start + offset : self._start + offset + length]

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def read(self, name: str) -> Any:
        """One member; raises ``KeyError`` when there is none of that name."""
        offset, length = self._members[name]
        stream = zlib.decompressobj(zdict=self._dictionary)
        at = self._start + offset
        return json.loads(stream.decompress(self._data[at : at + length]) + stream.flush())


def write(path: Path, *, source: str, date: str, members: Mapping[str, Any]) -> None:
    """Write a pack. The same members give the same bytes."""
    texts = {name: _compact(members[name]) for name in sorted(members)}
    dictionary = _common(list(texts.values()))
    places: dict[str, tuple[int, int]] = {_DICTIONARY: (0, len(dictionary))}
    body = bytearray(dictionary)
    for name, text in texts.items():
        compressor = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_DEFAULT_STRATEGY, dictionary)
        stream = compressor.compress(text) + compressor.flush()
        places[name] = len(body), len(stream)
        body += stream
    header = _compact({"source": source, "date": date, "members": places})
    path.write_bytes(header + b"\n" + bytes(body))


def _compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _common(texts: list[bytes]) -> bytes:
    """Up to 32 KB of text that many members share, what is commonest last, where zlib finds it cheapest."""
    counts: dict[bytes, int] = {}
    for text in texts:
        for word in set(text.replace(b"{", b"\0{").replace(b",", b",\0").split(b"\0")):
            if len(word) > 5:
                counts[word] = counts.get(word, 0) + 1
    shared = sorted(
        (word for word in counts if counts[word] > 2), key=lambda word: (counts[word] * len(word), word)
    )
    return b"".join(shared)[-32_000:]
