"""The directories below a path and the names in them: walked once, for every kind of input."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from stockade.records import dataclass

SKIPPED: Final = frozenset({"node_modules", "__pycache__", "venv", "vendor", "site-packages"})
"""Directories that hold other people's code; hidden ones are skipped as well."""

HEAD: Final = 65_536
"""Bytes of a file that are looked at to tell what it is."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A directory, resolved, with the names of its files in order; ``named`` by the user, one by one."""

    path: Path
    files: tuple[str, ...]
    named: bool = False


def walk(path: Path) -> list[Folder]:
    """The directory and all below it, in the order of their names.

    Symbolic links to directories are not followed, so a loop of links cannot hold up a scan; what a
    CDK assembly holds of packaged code is somebody else's, as ``node_modules`` is.
    """
    out: list[Folder] = []
    for current, names, files in os.walk(path, followlinks=False):
        packaged = "manifest.json" in files or "cdk.out" in files
        names[:] = sorted(
            name
            for name in names
            if not name.startswith(".") and name not in SKIPPED and not (packaged and name.startswith("asset."))
        )
        out.append(Folder(Path(os.path.realpath(current)), tuple(sorted(files))))
    return out


def folder(directory: Path, files: Sequence[str]) -> Folder:
    """A directory of which only some files count, because a user named them."""
    return Folder(directory, tuple(files), named=True)


def head(path: Path, size: int = HEAD) -> bytes:
    """The first bytes of a regular file; empty for anything else, and for what cannot be read."""
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
