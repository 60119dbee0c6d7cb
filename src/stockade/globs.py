"""Globs as an owner writes them, over names and over paths; never a regular expression, so never slow."""

from __future__ import annotations

from collections.abc import Sequence

from stockade.iam.match import glob_matches


def fits_name(glob: str, name: str) -> bool:
    """Whether a glob is a whole name or address: ``*`` is any text, ``?`` one character, all else itself."""
    return glob_matches(glob, name)


def fits_path(glob: str, path: str) -> bool:
    """Whether a glob is a POSIX path or a directory above it: ``*`` stays in a name, ``**`` does not."""
    pattern = [name for name in glob.split("/") if name not in ("", ".")]
    names = [name for name in path.split("/") if name not in ("", ".")]
    return _fits([*pattern, "**"], names)


def _fits(pattern: Sequence[str], names: Sequence[str]) -> bool:
    """Names one by one; a ``**`` takes as few as it can and, where that fails later, one more."""
    at = here = taken = 0
    last = -1
    while here < len(names):
        if at < len(pattern) and pattern[at] == "**":
            last, taken = at, here
            at += 1
        elif at < len(pattern) and glob_matches(pattern[at], names[here]):
            at += 1
            here += 1
        elif last >= 0:
            taken += 1
            at, here = last + 1, taken
        else:
            return False
    return all(name == "**" for name in pattern[at:])
