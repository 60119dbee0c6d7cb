"""The files that places of a piece are in: named in what is kept, and read anew when it is used again.

A file of the tree is kept as its path and a digest of its bytes, never as its text. What a user gave at the
command line or in the environment is taken from there again. What is neither (the source in a template's own
lines, a member of an archive) has its text written out where that goes to our own process only; it is not kept
on a disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from stockade.errors import StockadeError
from stockade.read import looked
from stockade.read.files import Tree
from stockade.records import dataclass
from stockade.source import Source, Span

_FILE, _VARIABLE, _ENVIRONMENT, _COPY, _BARE = "f", "v", "e", "c", "b"
_LATIN: Final = "latin-1"

Given: TypeAlias = tuple[tuple[str, str, Mapping[str, str]], ...]


class UnfitError(Exception):
    """Something that cannot be kept, or something kept that does not fit what is there now."""


@dataclass(frozen=True, slots=True)
class Where:
    """What places are taken from: the tree of an input, and what a user gave.

    ``named`` are files that may lie outside of the tree, by their real paths.
    """

    tree: Tree
    variables: Mapping[str, str]
    environment: Mapping[str, str]
    named: frozenset[str] = frozenset()

    def given(self) -> Given:
        """How sources are called that a user gave, and what was given."""
        opening = "TF_VAR_"
        of_terraform = {
            name[len(opening) :]: one for name, one in self.environment.items() if name.startswith(opening)
        }
        return (_VARIABLE, "<--var ", self.variables), (_ENVIRONMENT, f"<{opening}", of_terraform)


class Writing:
    """Places as numbers. ``copies`` says whether text that cannot be read anew may be written out."""

    def __init__(self, where: Where, copies: bool) -> None:
        self._where = where
        self._given = where.given()
        self._copies = copies
        self._numbers: dict[Source, int] = {}
        self.rows: list[list[Any]] = []

    def span(self, span: Span | None) -> list[int] | None:
        """A place as three numbers. Raises ``UnfitError`` where its text must not be kept."""
        return None if span is None else [self._number(span.source), span.start, span.end]

    def _number(self, source: Source) -> int:
        found = self._numbers.get(source)
        if found is None:
            found = self._numbers[source] = len(self.rows)
            self.rows.append(self._row(source))
        return found

    def _row(self, source: Source) -> list[Any]:
        path = self._where.tree.path(source)
        if path is not None:
            return [_FILE, str(path), looked.digest(source.data), source.path]
        for kind, opening, given in self._given:
            name = source.path.removeprefix(opening).removesuffix(">")
            if source.path == f"{opening}{name}>" and name in given and source.data == _bytes(given[name]):
                return [kind, name]
        if not source.data or source.bare:
            return [_BARE, source.path, source.data.decode(_LATIN), source.bare]
        if self._copies:
            return [_COPY, source.path, source.data.decode(_LATIN)]
        raise UnfitError("it has places in what is no file")


class Reading:
    """The places behind numbers. ``copies`` as they were written."""

    def __init__(self, where: Where, copies: bool, rows: Any) -> None:
        self._where = where
        self._given = where.given()
        self._copies = copies
        self._sources = [self._source(*row) for row in rows]

    def span(self, numbers: Any) -> Span:
        """A place. Raises ``UnfitError`` for one that is none."""
        number, start, end = numbers
        source = self._sources[number]
        if not (type(start) is type(end) is int and 0 <= start <= end <= len(source.data)) or number < 0:
            raise UnfitError("a place lies outside of its file")
        return Span(source, start, end)

    def _source(self, kind: str, name: str, *rest: Any) -> Source:
        if kind == _FILE:
            return self._file(name, *rest)
        for one, opening, given in self._given:
            if kind == one:
                return Source(f"{opening}{name}>", _bytes(given[name]))
        if kind == _BARE:
            return Source(name, rest[0].encode(_LATIN), bare=bool(rest[1]))
        if kind == _COPY and self._copies:
            return Source(name, rest[0].encode(_LATIN))
        raise UnfitError("there is no such kind of source")

    def _file(self, path: str, digest: str, shown: str) -> Source:
        tree = self._where.tree
        try:
            found = tree.named(Path(path)) if path in self._where.named else tree.read(path)
        except StockadeError:
            raise UnfitError("a file cannot be read") from None
        if tree.path(found) != Path(path) or found.path != shown or looked.digest(found.data) != digest:
            raise UnfitError("a file has changed, or is called otherwise")
        return found


def is_copy(row: Any) -> bool:
    """Whether a row of sources has text in it that cannot be read anew."""
    return bool(row[0] == _COPY)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
