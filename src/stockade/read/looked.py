"""What a reading looks at on the disk, and what it saw: so one knows whether it would see the same again.

An answer that is kept from one scan to the next is right as long as everything that was looked at is as it
was: the bytes of files, but also the names in directories, what was *not* there, and where links lead. So
every look of a reader goes through here or through ``read.files.Tree``; ``tests/test_house.py`` holds that
there is no other way.

Nothing is written down unless somebody asked for it (``noting``), and what is written down changes no answer:
that is why it may be kept beside the calls, in a context variable, instead of going through all of them.
What is seen is always written down *before* it is used. A file that changes in between is then remembered as
it was, and the next scan does not take it for the same.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias, TypeVar

T = TypeVar("T")
K = TypeVar("K")

Look: TypeAlias = tuple[str, str]
"""How something was looked at (a name of ``_STATES``), and its absolute path."""

Seen: TypeAlias = dict[Look, str]
"""Looks, each with a digest of what was seen."""

WHAT: Final = "what"
"""Whether there is something, and what: a file, a directory, where a link leads."""
NAMES: Final = "names"
"""The names in a directory."""
ENTRIES: Final = "entries"
"""The names in a directory, and what each is."""
DETAILS: Final = "details"
"""The same, with sizes and permissions."""
BYTES: Final = "bytes"
"""The bytes of a file whose path has no links in it."""
HEAD: Final = "head"
"""The first bytes of a file, however its path leads there."""

VARIABLE: Final = "variable"
"""A variable of the environment; its name stands for a path."""

FIRST: Final = 65_536
"""The first bytes of a file, as far as ``HEAD`` means them."""

HUGE: Final = 1 << 30
"""Bytes above which a file is told by its size and time: only saved images have as many."""

_PIECE: Final = 1 << 20

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})

_noting: ContextVar[tuple[Seen, ...]] = ContextVar("noting", default=())


@contextmanager
def noting() -> Iterator[Seen]:
    """What is looked at from here on, in the end. One inside of another is a part of it."""
    seen: Seen = {}
    token = _noting.set((*_noting.get(), seen))
    try:
        yield seen
    finally:
        _noting.reset(token)


def note(how: str, path: str | Path, state: Callable[[], str] | None = None) -> None:
    """Write down a look that is about to be taken; ``state`` gives what is seen where it is at hand."""
    opened = _noting.get()
    if not opened:
        return
    where = os.path.join(os.getcwd(), path)
    _write((how, where), state, opened)


def _write(key: Look, state: Callable[[], str] | None, opened: Sequence[Seen]) -> None:
    found = opened[0].get(key)
    if found is None:
        found = state() if state else Eyes().state(*key)
    for one in opened:
        one.setdefault(key, found)


def made(make: Callable[[], T]) -> tuple[T, Seen]:
    """Something that is made once and used again, with the looks behind it (for ``again``)."""
    if not _noting.get():
        return make(), {}
    with noting() as seen:
        return make(), seen


def again(seen: Mapping[Look, str]) -> None:
    """Write down the looks behind something that was made before and is used again."""
    for one in _noting.get():
        for key, found in seen.items():
            one.setdefault(key, found)


def once(kept: dict[K, tuple[T, Seen]], key: K, make: Callable[[], T]) -> T:
    """What is made for a key by the first that asks for it, with the looks behind it for all others as well."""
    found = kept.get(key)
    if found is None:
        found = kept[key] = made(make)
    else:
        again(found[1])
    return found[0]


class Variables(Mapping[str, str]):
    """An environment of which it is written down what is asked for."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def __getitem__(self, name: str) -> str:
        if opened := _noting.get():
            _write((VARIABLE, name), lambda: Eyes(self._environment).state(VARIABLE, name), opened)
        return self._environment[name]

    def __iter__(self) -> Iterator[str]:
        # Refused on purpose: no reader needs it, and what was seen could not be written down one by one.
        raise NotImplementedError("who goes through all variables hangs on each of them: ask for one")

    def __len__(self) -> int:
        return len(self._environment)


# ------------------------------------------------------------------------------------------- looks


def exists(path: str | Path) -> bool:
    note(WHAT, path)
    return os.path.exists(path)


def is_there(path: str | Path) -> bool:
    """The same, true of a link that leads nowhere as well."""
    note(WHAT, path)
    return os.path.lexists(path)


def is_file(path: str | Path) -> bool:
    note(WHAT, path)
    return os.path.isfile(path)


def is_directory(path: str | Path) -> bool:
    note(WHAT, path)
    return os.path.isdir(path)


def real(path: str | Path) -> str:
    """The path without links in it."""
    note(WHAT, path)
    return os.path.realpath(path)


def details(path: str | Path) -> os.stat_result:
    """Size, kind and permissions; ``OSError`` where there is nothing."""
    note(WHAT, path)
    note(DETAILS, os.path.dirname(path))
    return os.stat(path)


def names(directory: str | Path) -> list[str]:
    """The names in a directory, in order; ``OSError`` where there is none."""
    note(NAMES, directory)
    return sorted(os.listdir(directory))


def walk(top: str | Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """``os.walk``: whoever takes names out of a list of directories keeps it from going there."""
    note(ENTRIES, top)
    for folder, folders, files in os.walk(top):
        yield folder, folders, files
        if _noting.get():
            for one in folders:
                path = os.path.join(folder, one)
                if not os.path.islink(path):  # it is not walked into
                    note(ENTRIES, path)


def whole(path: str | Path) -> bytes:
    """A file that the person at the command line named; ``OSError`` where it cannot be read."""
    note(BYTES, real(path))
    return Path(path).read_bytes()


def head(path: str | Path, size: int = FIRST) -> bytes:
    """The first bytes of a regular file; empty for anything else, and for what cannot be read.

    Of UTF-16, which Windows writes, they are in UTF-8: so a file is known for what it is, and its reader tells
    why it cannot be read.
    """
    note(HEAD if size <= FIRST else BYTES, path if size <= FIRST else real(path))
    data = _first(path, size)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode()
    return data


# ------------------------------------------------------------------------------------------- states


def digest(data: bytes) -> str:
    """What tells bytes from others."""
    return blake2b(data, digest_size=16).hexdigest()


class Eyes:
    """What is to be seen now, as digests. What was seen once is not looked at again."""

    def __init__(self, environment: Mapping[str, str] = _NOTHING) -> None:
        self._environment = environment
        self._plain: dict[str, bool] = {}
        self._known: Seen = {}

    def same(self, seen: Mapping[Look, str]) -> bool:
        """Whether everything that was looked at is as it was."""
        return all(how in _STATES and self.state(how, path) == found for (how, path), found in seen.items())

    def state(self, how: str, path: str) -> str:
        """What is to be seen of a path. Never raises: what the system refuses is what is seen."""
        found = self._known.get((how, path))
        if found is None:
            try:
                found = _STATES[how](self, path)
            except (OSError, ValueError) as error:  # a null in a path is a ValueError
                found = f"{type(error).__name__} {getattr(error, 'errno', '')}"
            self._known[how, path] = found
        return found

    def is_plain(self, path: str) -> bool:
        """Whether a path has no links in it."""
        folder = os.path.dirname(path)
        known = self._plain.get(folder)
        if known is None:
            known = self._plain[folder] = os.path.realpath(folder) == folder
        return known and not os.path.islink(path)

    def _what(self, path: str) -> str:
        try:
            mode = os.stat(path).st_mode
        except FileNotFoundError:
            mode = 0
        kind = stat.S_IFMT(mode)
        if self.is_plain(path):
            return f"{kind}"
        return f"{kind} {os.path.lexists(path)} {os.path.realpath(path)}"

    def _names(self, path: str) -> str:
        return self._of(path, "\0".join(sorted(os.listdir(path))))

    def _entries(self, path: str) -> str:
        return self._of(path, "\0".join(sorted(_entry(one, False) for one in _scanned(path))))

    def _details(self, path: str) -> str:
        return self._of(path, "\0".join(sorted(_entry(one, True) for one in _scanned(path))))

    def _bytes(self, path: str) -> str:
        if not self.is_plain(path):
            return "link"
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            info = os.fstat(descriptor)
            if not stat.S_ISREG(info.st_mode):
                return "no file"
            if info.st_size > HUGE:
                return f"{info.st_size} {info.st_mtime_ns}"
            made = blake2b(digest_size=16)
            while piece := file.read(_PIECE):
                made.update(piece)
            return made.hexdigest()

    def _head(self, path: str) -> str:
        return self._of(path, digest(_first(path, FIRST)))

    def _variable(self, name: str) -> str:
        value = self._environment.get(name)
        return "absent" if value is None else digest(value.encode("utf-8", "surrogateescape"))

    def _of(self, path: str, found: str) -> str:
        where = "" if self.is_plain(path) else os.path.realpath(path)
        return digest(f"{where}\0{found}".encode("utf-8", "surrogateescape"))


_STATES: Final[Mapping[str, Callable[[Eyes, str], str]]] = {
    WHAT: Eyes._what,
    NAMES: Eyes._names,
    ENTRIES: Eyes._entries,
    DETAILS: Eyes._details,
    BYTES: Eyes._bytes,
    HEAD: Eyes._head,
    VARIABLE: Eyes._variable,
}


def _scanned(path: str) -> list[os.DirEntry[str]]:
    with os.scandir(path) as found:
        return list(found)


def _entry(one: os.DirEntry[str], whole: bool) -> str:
    """One line of a directory; of a link also where it leads, and to what."""
    said = one.name
    if one.is_symlink():
        said += f"/-> {os.readlink(one.path)}"
    elif not whole:
        return f"{said}/{'d' if one.is_dir() else 'f' if one.is_file() else 'o'}"
    try:
        info = one.stat()
    except OSError as error:
        return f"{said}/{error.errno}"
    if stat.S_ISDIR(info.st_mode):
        return f"{said}/d"
    return f"{said}/{info.st_mode}/{info.st_size if whole else ''}"


def _first(path: str | Path, size: int) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return b""  # whoever wants to read it whole reports why it cannot be
    try:
        return os.read(descriptor, size) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
    except OSError:
        return b""
    finally:
        os.close(descriptor)
