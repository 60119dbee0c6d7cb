"""The one door through which files of a scanned tree are read.

Nothing outside the tree is read, whatever ``file("../../etc/passwd")``, a module source or a
symbolic link says; nothing that is not a regular file (a device would never end); nothing above a
size. A refusal is an ``Unreadable`` that says why, and its reader turns it into a gap.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from stockade.errors import StockadeError
from stockade.read import looked
from stockade.read.budget import FILE
from stockade.records import dataclass
from stockade.source import Source

T = TypeVar("T")


class Unreadable(StockadeError):
    """A file that was asked for and not read; the message completes "`path` was not read: ..."."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Something below a directory: its POSIX path from there, bytes, permission bits, where a link leads.

    ``trouble`` says why it cannot be read, empty for a regular file inside of the tree.
    """

    path: str
    size: int
    mode: int
    link: str | None
    trouble: str


class Tree:
    """Files below one directory, under the paths a report shows.

    ``boundary`` is the directory nothing is read outside of; ``shown_from`` is what displayed paths
    are relative to. Both are resolved once, so that a link to the tree itself works. ``held`` are the bytes of
    files, by their real paths, that stand for what the disk has: what an editor has not saved yet.
    """

    def __init__(
        self,
        boundary: Path,
        shown_from: Path | None = None,
        limit: int = FILE,
        held: Mapping[Path, bytes] | None = None,
    ) -> None:
        self.boundary = Path(os.path.realpath(boundary))
        self.shown_from = Path(os.path.realpath(shown_from)) if shown_from else self.boundary
        self.limit = limit
        self._held = {str(path): data for path, data in (held or {}).items()}
        self._sources: dict[str, Source] = {}
        self._keys: dict[Source, str] = {}
        self._read: set[str] = set()
        self._made: dict[tuple[str, Source], Any] = {}
        self._across: dict[str, Any] = {}

    def over(self, changed: Mapping[Path, bytes]) -> Tree:
        """The same tree as it would be if some files that were read held other bytes; nothing is written.

        All other files are the same ``Source`` in both, and what was made of them serves both.
        """
        tree = Tree(self.boundary, self.shown_from, self.limit)
        bytes_at = {str(path): data for path, data in changed.items()}
        tree._held = self._held | bytes_at
        tree._sources = {
            key: Source(source.path, bytes_at[key]) if key in bytes_at else source
            for key, source in self._sources.items()
        }
        tree._keys = {source: key for key, source in tree._sources.items()}
        tree._made, tree._across = self._made, self._across
        return tree

    def hand(self, files: Mapping[Path, bytes | None], under: Tree) -> None:
        """Hold other bytes of files that nobody read through this tree; ``None`` is what ``under`` holds."""
        for path, data in files.items():
            key = str(path)
            held = under._held.get(key) if data is None else data
            source = under._sources.get(key)
            for kept in (self._held, self._sources):
                kept.pop(key, None)
            if held is not None:
                self._held[key] = held
            if source is not None:
                self._sources[key] = source if data is None else Source(source.path, data)
                self._keys[self._sources[key]] = key

    def path(self, source: Source) -> Path | None:
        """Where the file behind a source is; ``None`` for what was not read from a file of this tree."""
        key = self._keys.get(source)
        return None if key is None else Path(key)

    def has_read(self, path: Path) -> bool:
        """Whether a file was read through this tree, by its real path."""
        return str(path) in self._read

    def once(self, name: str, source: Source, make: Callable[[], T]) -> T:
        """What is made of a file's bytes under a name: made once, for this tree and all made over it."""
        key = (name, source)
        found: T | None = self._made.get(key)
        if found is None:
            found = self._made[key] = make()
        return found

    def across(self, name: str, make: Callable[[], T]) -> T:
        """What is found out of the names in the tree, under a name of its own: once, like ``once``."""
        found: T | None = self._across.get(name)
        if found is None:
            found = self._across[name] = make()
        return found

    def locate(self, path: str | Path) -> Path:
        """The real path of something inside the tree; ``Unreadable`` when it lies outside."""
        real = Path(os.path.realpath(path))
        if str(real) != str(path):
            looked.note(looked.WHAT, path)
            real = Path(os.path.realpath(path))
        if real != self.boundary and self.boundary not in real.parents:
            raise Unreadable("it lies outside the scanned tree", help=f"scan a directory that holds `{path}`")
        return real

    def shown(self, path: str | Path) -> str:
        """A path as reports show it: POSIX, relative to where the scan began."""
        return Path(os.path.relpath(path, self.shown_from)).as_posix()

    def within(self, path: str | Path) -> str:
        """A path inside the boundary: POSIX, the same wherever the scan began."""
        return Path(os.path.relpath(path, self.boundary)).as_posix()

    def read(self, path: str | Path) -> Source:
        """The file's bytes; the same ``Source`` for the same file each time."""
        real = self.locate(path)
        key = str(real)
        return self._source(key, path, real)

    def named(self, path: Path) -> Source:
        """A file that the person at the command line named: it may lie outside the tree."""
        key = looked.real(path)
        return self._source(key, path, Path(key))

    def _source(self, key: str, path: str | Path, real: Path) -> Source:
        found = self._sources.get(key)
        if found is None:
            try:
                data = self._bytes(real)
            except Unreadable:
                looked.note(looked.BYTES, key)
                data = self._bytes(real)  # what is told is seen after what is written down
            found = self._sources[key] = Source(self.shown(path), data)
            self._keys[found] = key
        if key not in self._held:
            source = found
            looked.note(looked.BYTES, key, lambda: looked.digest(source.data))
        self._read.add(key)
        return found

    def begin(self, path: str | Path, size: int) -> bytes:
        """The first bytes of a file, however large it is."""
        with self.open(path) as file:
            return file.read(size)

    def open(self, path: str | Path) -> BinaryIO:
        """A regular file of the tree, to be read in pieces; whoever opens it bounds what that costs."""
        real = self.locate(path)
        held = self._held.get(str(real))
        looked.note(looked.BYTES, real)
        return BytesIO(held) if held is not None else os.fdopen(_opened(real)[0], "rb")

    def listing(self, directory: str | Path, most: int) -> Iterator[Listed]:
        """What is below a directory, at any depth, in the order of names; raises ``Unreadable`` for none.

        Links to directories are told and not followed, so that a loop of them ends; after ``most`` it stops.
        """
        root = self.locate(directory)
        if not looked.is_directory(root):
            raise Unreadable("there is no such directory")
        seen = 0
        stack = [("", root)]
        while stack:
            inside, folder = stack.pop()
            looked.note(looked.DETAILS, folder)
            try:
                with os.scandir(folder) as scanned:
                    found = sorted(scanned, key=lambda one: one.name)
            except OSError as error:
                yield Listed(inside, 0, 0, None, (error.strerror or "the system refused").lower())
                continue
            below = []
            for one in found:
                path = f"{inside}/{one.name}" if inside else one.name
                if one.is_dir(follow_symlinks=False):
                    below.append((path, folder / one.name))
                    continue
                if seen == most:
                    yield Listed(inside, 0, 0, None, f"there are more than {most:,} files")
                    return
                seen += 1
                yield self._listed(path, one)
            stack += reversed(below)

    def _listed(self, path: str, entry: os.DirEntry[str]) -> Listed:
        try:
            link = str(Path(entry.path).readlink()) if entry.is_symlink() else None
            if link is not None:
                self.locate(entry.path)
            info = entry.stat()
        except Unreadable as error:
            return Listed(path, 0, 0, link, error.message)
        except OSError as error:
            return Listed(path, 0, 0, None, (error.strerror or "the system refused").lower())
        if link is not None and stat.S_ISDIR(info.st_mode):
            return Listed(path, 0, 0, link, "it is a link to a directory, which is not followed")
        trouble = "" if stat.S_ISREG(info.st_mode) else "it is not a regular file"
        return Listed(path, info.st_size, info.st_mode & 0o7777, link, trouble)

    def _bytes(self, real: Path) -> bytes:
        held = self._held.get(str(real))
        if held is not None and len(held) <= self.limit:
            return held
        descriptor, info = _opened(real)
        with os.fdopen(descriptor, "rb") as file:
            if info.st_size > self.limit:
                raise Unreadable(f"it has {info.st_size:,} bytes, more than the {self.limit:,} a scan reads")
            return file.read(self.limit + 1)[: self.limit]


def _opened(real: Path) -> tuple[int, os.stat_result]:
    """A descriptor of a regular file, and what the system says of it."""
    try:
        descriptor = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise Unreadable("there is no such file") from None
    except OSError as error:
        raise Unreadable((error.strerror or "the system refused").lower()) from None
    info = os.fstat(descriptor)
    if not stat.S_ISREG(info.st_mode):
        os.close(descriptor)
        raise Unreadable("it is not a regular file")
    return descriptor, info
