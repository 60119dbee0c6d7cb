"""Which processor a compiled file is for, by its ELF header, and which of them a function cannot load."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from stockade.errors import StockadeError
from stockade.model.function import Function
from stockade.model.package import Entry, Package
from stockade.patterns import lazy_regex
from stockade.value import Known

_HEADER: Final = 20
_MACHINES: Final = {0x3E: "x86_64", 0xB7: "arm64", 0x03: "i386", 0x28: "32-bit ARM"}
"""``e_machine`` of ELF's header, as far as packages are met with it."""

_COMPILED: Final = lazy_regex(r"\.so(?:\.\d+)*$|\.node$|(?:^|/)bootstrap$")
_WORDS: Final = {
    "x86_64": ("x86_64", "x86-64", "amd64", "x64"),
    "arm64": ("aarch64", "arm64"),
}
"""What a path says of an architecture."""

MOST: Final = 2_000
"""Compiled files of one package that are looked into."""


def machine(header: bytes) -> str | None:
    """The processor of an ELF file by its first bytes; ``None`` for what is none or of another kind."""
    if len(header) < _HEADER or header[:4] != b"\x7fELF" or header[5] not in (1, 2):
        return None
    number = int.from_bytes(header[18:20], "little" if header[5] == 1 else "big")
    return _MACHINES.get(number)


def architecture(function: Function) -> str | None:
    """The one architecture of a function, ``None`` where it is not known."""
    match function.architectures:
        case Known((Known("x86_64" | "arm64" as one),)):
            return one
        case _:
            return None


def misfits(package: Package, functions: Sequence[Function]) -> Iterator[tuple[Entry, str, str]]:
    """The files that a function which ships them cannot load: each with its processor and the function's.

    A package that has the same file for the right one as well, as libraries for several platforms do, chooses
    at run time. A file that cannot be read is none: that it was not is told elsewhere. What is meant for a
    processor that a function does not have is no misfit where another function that ships it does.
    """
    right = architecture(functions[0])
    if right is None or any(architecture(one) != right for one in functions):
        return
    looked = 0
    for entry in package.entries:
        if not _COMPILED.search(entry.path) or entry.size < _HEADER or entry.link is not None:
            continue
        looked += 1
        if looked > MOST:
            return
        try:
            found = machine(package.head(entry.path, _HEADER))
        except StockadeError:
            continue
        if found is not None and found != right and not _has_twin(package, entry.path, found, right):
            yield entry, found, right


def _has_twin(package: Package, path: str, found: str, right: str) -> bool:
    """Whether the same file is there for the right processor, under a path that says so."""
    for word in _WORDS.get(found, ()):
        if re.search(rf"(?<![a-z0-9]){word}(?![a-z0-9])", path):
            return any(path.replace(word, other) in package for other in _WORDS[right]) or _beside(
                package, path, word, right
            )
    return False


def _beside(package: Package, path: str, word: str, right: str) -> bool:
    """Whether a folder of the right processor lies beside; its files may be called differently."""
    before = path.partition(word)[0]
    folder = path[: path.rindex("/", 0, len(before)) + 1] if "/" in before else ""
    name = before[len(folder) :]
    wanted = tuple(f"{folder}{name}{other}" for other in _WORDS[right])
    return "/" in path[len(before) :] and any(one.path.startswith(wanted) for one in package.entries)
