"""What tells this program from another version of it: its own code and data, Python, and what it is built on.

The version's number alone would not do: who works on Stockade changes it without one. Every file of the package
counts with its bytes. Reading all of them takes as long as half a small scan, so the digest is kept beside the
names, sizes and times of the files that it was made of, as Python keeps what it has compiled.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Final

from stockade import __version__
from stockade.cache.entries import Entries

_PACKAGE: Final = Path(__file__).parents[1]


def program(entries: Entries, package: Path = _PACKAGE, paths: Iterable[str] = ()) -> str:
    """A digest of everything that answers hang on beside their input. ``paths`` are Python's (``sys.path``)."""
    files = sorted(_files(package))
    said = [__version__, sys.version, sys.platform, *_installed(paths)]
    told = [f"{path} {size} {time}" for path, size, time in files]
    name = _digest([str(package), *said, *told])
    kept = entries.get(name)
    if kept is not None and type(kept[0]) is str:
        return kept[0]
    made = blake2b(_digest(said).encode(), digest_size=16)
    for path, _, _ in files:
        made.update(f"\0{path}\0".encode("utf-8", "surrogateescape"))
        made.update((package / path).read_bytes())
    entries.put(name, found := made.hexdigest())
    return found


def _files(package: Path) -> Iterator[tuple[str, int, int]]:
    """The files of a package by their paths in it, with size and time; what Python compiled is made of them."""
    stack = [str(package)]
    while stack:
        with os.scandir(stack.pop()) as found:
            for one in found:
                if not one.is_dir():
                    info = one.stat()
                    yield os.path.relpath(one.path, package), info.st_size, info.st_mtime_ns
                elif one.name != "__pycache__":
                    stack.append(one.path)


def _installed(paths: Iterable[str]) -> list[str]:
    """The distributions that are installed, by names that say their versions."""
    out = []
    for path in paths:
        try:
            out += [one for one in os.listdir(path) if one.endswith((".dist-info", ".egg-info"))]
        except OSError:
            continue  # a zip, or nothing at all
    return sorted(out)


def _digest(parts: Iterable[str]) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
