"""The part of a Go module that one program is made of: its directory and what that imports of the module."""

from __future__ import annotations

import re
from posixpath import dirname
from typing import Final

from stockade.code.files import Files
from stockade.patterns import lazy_regex
from stockade.read.files import Unreadable

_IMPORTS: Final = lazy_regex(rb"^import\s*(?:\(([^)]*)\)|([^\n]*))", re.MULTILINE)
_PATH: Final = lazy_regex(rb"[\"`]([^\"`\n]+)[\"`]")


def part(files: Files, folder: str) -> Files:
    """The files of a program in ``folder``, of all files of its module; what cannot be read stays in it."""
    paths: dict[str, list[str]] = {}
    for path in files:
        if path.endswith(".go"):
            paths.setdefault(dirname(path), []).append(path)
    name = _module(files)
    stack, kept = [folder], {"go.mod": None}
    met = {folder}
    while stack:
        for path in paths.get(stack.pop(), ()):
            kept[path] = None
            for imported in _imported(files, path):
                inside = (
                    imported.removeprefix(name).strip("/") if f"{imported}/".startswith(f"{name}/") else None
                )
                if inside is not None and inside not in met:
                    met.add(inside)
                    stack.append(inside)
    return files.only(kept)


def _module(files: Files) -> str:
    try:
        found = re.search(rb"^module\s+(\S+)", files.read("go.mod").data, re.MULTILINE)
    except Unreadable:
        return ""
    return found[1].decode("utf-8", "replace").strip('"') if found else ""


def _imported(files: Files, path: str) -> list[str]:
    try:
        data = files.read(path).data
    except Unreadable:
        return []  # told when it is read as a file of the program
    listed = [one[1] or one[2] for one in _IMPORTS.finditer(data)]
    return [found.decode("utf-8", "replace") for one in listed for found in _PATH.findall(one)]
