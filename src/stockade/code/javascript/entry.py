"""From a handler's name, as Lambda has it, to the file and the export it names."""

from __future__ import annotations

from posixpath import normpath
from typing import Final

from stockade.code.files import Files
from stockade.code.javascript.resolve import ENDINGS, is_source

_BUILT: Final = ("dist", "build", "out", "lib", ".build", "target", "bundle")
"""Directories that compilers write to; the source stands beside them, or in ``src``."""

_ASIDE: Final = ("test", "tests", "__tests__", "__mocks__", "node_modules")


def find(files: Files, handler: str) -> tuple[str | None, list[str]]:
    """The handler's file, ``None`` where there is none such, and the names that lead to it from the exports.

    Lambda takes what stands before the first dot of the last part as the file. Where the function runs what a
    compiler has written, its source is looked for as well. A file with more dots, which Lambda cannot load, is
    one that a bundler begins with: where there is such a one, it is meant.
    """
    folder, _, last = handler.rpartition("/")
    parts = last.split(".")
    ways = [(".".join(parts[:dots]), parts[dots:] or ["handler"]) for dots in range(1, max(len(parts), 2))]
    for name, names in reversed(ways[1:]):
        exact = next((path for path in _exact(folder, name) if path in files), None)
        if exact is not None:
            return exact, names
    for name, names in ways:
        found = _find(files, folder, name)
        if found is not None:
            return found, names
    return None, parts[1:] or ["handler"]


def _exact(folder: str, name: str) -> list[str]:
    path = normpath(f"{folder}/{name}" if folder else name)
    return [candidate + ending for candidate in _candidates(path) for ending in ENDINGS]


def _find(files: Files, folder: str, name: str) -> str | None:
    exact = next((path for path in _exact(folder, name) if path in files), None)
    if exact is not None:
        return exact
    parts = normpath(f"{folder}/{name}" if folder else name).split("/")
    for start in range(len(parts)):
        tail = "/".join(parts[start:])
        found = [
            one for one in files if (is_source(one) and _stem(one) == tail) or _stem(one).endswith("/" + tail)
        ]
        found = [one for one in found if is_source(one) and not is_test(one)]
        if len(found) == 1:
            return found[0]
        if found:
            # Of several the one closest to the top, if that is one.
            depth = min(one.count("/") for one in found)
            closest = [one for one in found if one.count("/") == depth]
            return closest[0] if len(closest) == 1 and start == 0 else None
    return None


def _candidates(path: str) -> list[str]:
    parts = path.split("/")
    out = [path]
    for index, part in enumerate(parts[:-1]):
        if part in _BUILT:
            out.append("/".join((*parts[:index], "src", *parts[index + 1 :])))
            out.append("/".join((*parts[:index], *parts[index + 1 :])))
    out.append(f"src/{path}")
    return out


def _stem(path: str) -> str:
    return path.rpartition(".")[0]


def is_test(path: str) -> bool:
    """Whether a file is one of tests, or of an installed package, by where it stands."""
    parts = path.split("/")
    return any(one in _ASIDE for one in parts[:-1]) or any(mark in parts[-1] for mark in (".test.", ".spec."))
