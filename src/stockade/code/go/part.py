"""The part of a Go module that one program is made of: its directory and what that imports of the module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import basename, dirname, join
from typing import Final

from stockade.code.files import Files
from stockade.patterns import lazy_regex
from stockade.read.files import Unreadable

_IMPORTS: Final = lazy_regex(rb"^import\s*(?:\(([^)]*)\)|([^\n]*))", re.MULTILINE)
_MODULE: Final = "go.mod"
_PATH: Final = lazy_regex(rb"[\"`]([^\"`\n]+)[\"`]")


def part(files: Files, folder: str) -> Files:
    """The files of a program in ``folder``, of all files of its module and of the modules beside that.

    What cannot be read stays in it.
    """
    paths: dict[str, list[str]] = {}
    modules: dict[str, str] = {}
    kept: dict[str, None] = {}
    for path in files:
        if path.endswith(".go"):
            paths.setdefault(dirname(path), []).append(path)
        elif basename(path) == _MODULE:
            kept[path] = None
            modules[_name(files, path)] = dirname(path)
    stack = [folder]
    met = {folder}
    folders = sorted(paths, key=len, reverse=True)
    while stack:
        for path in paths.get(stack.pop(), ()):
            kept[path] = None
            for imported in _imported(files, path):
                inside = _folder(imported, modules) if modules else _ending(imported, folders)
                if inside is not None and inside not in met:
                    met.add(inside)
                    stack.append(inside)
    return files.only(kept)


def _folder(imported: str, modules: Mapping[str, str]) -> str | None:
    """The directory of a package of one of the modules; of modules within each other the inner one's."""
    for name in sorted(modules, key=len, reverse=True):
        if imported == name or imported.startswith(f"{name}/"):
            return join(modules[name], imported.removeprefix(name).strip("/")).rstrip("/")
    return None


def _ending(imported: str, folders: list[str]) -> str | None:
    """The directory that a package may be in where there is no module: as far as its path ends like it."""
    return next((one for one in folders if one and imported.endswith(f"/{one}")), None)


def _name(files: Files, path: str) -> str:
    try:
        found = re.search(rb"^module\s+(\S+)", files.read(path).data, re.MULTILINE)
    except Unreadable:
        return path
    return found[1].decode("utf-8", "replace").strip('"') if found else path


def _imported(files: Files, path: str) -> list[str]:
    try:
        data = files.read(path).data
    except Unreadable:
        return []  # told when it is read as a file of the program
    listed = [one[1] or one[2] for one in _IMPORTS.finditer(data)]
    return [found.decode("utf-8", "replace") for one in listed for found in _PATH.findall(one)]
