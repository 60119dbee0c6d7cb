"""Where in a repository the source of layers is, as far as what its directories are called tells."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import splitext
from typing import Final

LAYERS: Final = "/opt/"
"""Where a function has the files of its layers."""

_INNER: Final = ("nodejs", "opt")
"""Directories of a layer's source that the path below ``/opt`` may or may not begin with."""


def is_named(folder: str) -> bool:
    """Whether a directory is called as those that hold layers are."""
    return "layer" in folder.lower()


def is_of_layer(path: str, tail: str) -> bool:
    """Whether a file of source is what a path below ``/opt`` means, in a layer's directory.

    That directory may hold several layers, each in one of its own: ``layers/common/nodejs/db.js``.
    """
    folders = path.split("/")[:-1]
    ends = {path, splitext(path)[0], path.rpartition("/")[0] if _is_index(path) else path}
    for at, folder in enumerate(folders):
        if is_named(folder):
            base = "/".join(folders[: at + 1])
            inner = folders[at + 1] if at + 1 < len(folders) else ""
            for home in (base, f"{base}/{inner}"):
                if any(f"{home}/{one}" in ends for one in tails(tail)):
                    return True
    return False


def tails(tail: str) -> Iterator[str]:
    """What a path below ``/opt`` may be inside of a layer's source."""
    first, _, rest = tail.partition("/")
    bare = rest if first == "nodejs" and rest else tail
    yield bare
    for one in _INNER:
        yield f"{one}/{bare}"


def _is_index(path: str) -> bool:
    return splitext(path)[0].endswith("/index")
