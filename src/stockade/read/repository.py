"""Which repository a directory is of: asked before anything is read of it."""

from __future__ import annotations

from pathlib import Path

from stockade.read import looked


def repository(directory: Path, ceiling: Path | None = None) -> Path:
    """The repository around a directory, nothing outside of which is read; without one, itself.

    One that reaches above ``ceiling`` counts no further than to it.
    """
    for one in (directory, *directory.parents):
        if one == ceiling or looked.exists(one / ".git"):
            return one
    return directory
