"""What a program in Python is installed with from beside its own directory: dependencies that are paths.

Lines of ``requirements.txt`` that are directories, ``path`` of uv and of Poetry, members of uv's workspace, and
what these are installed with in turn. Of each all source is taken, and nothing outside of the scanned tree.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.read.package.glances import names_in
from stockade.read.package.listing import Gathered
from stockade.read.walk import SKIPPED
from stockade.source import Source

_PROJECT: Final = "pyproject.toml"
_MANIFESTS: Final = (_PROJECT, "setup.py", "setup.cfg")
_ASIDE: Final = SKIPPED | {"test", "tests", "docs", "build", "dist", ".venv", "venv"}
_PACKAGES: Final = 50
"""Packages that one program is installed with from beside itself, at most."""

_PATH: Final = lazy_regex(
    r"^\s*(?:-e\s+|--editable[\s=]+)?(?:[\w.-]+(?:\[[^\]]*\])?\s*@\s*)?(?:file:(?://)?)?(\.{1,2}(?:/[^\s;#\[]*)?)"
)
"""A line of ``requirements.txt`` that is a directory."""
_SEPARATORS: Final = lazy_regex(r"[-_.]+")


def path_dependencies(tree: Tree, base: Path, gathered: Gathered) -> None:
    """Add the source of what a program is installed with, by its path from the program's directory."""
    homes: set[Path] = {base}
    waiting = [base]
    while waiting:
        for home in _wanted(tree, waiting.pop()):
            if home in homes or home in base.parents or base in home.parents:
                continue
            if not _is_inside(tree, home) or not any(one in _MANIFESTS for one in names_in(tree, home)):
                continue  # told where it is imported: its source is not there
            homes.add(home)
            if len(homes) > _PACKAGES:
                gathered.cut = True
                return
            _add(home, base, gathered)
            waiting.append(home)


def _add(home: Path, base: Path, gathered: Gathered) -> None:
    """All source of a package, and what says that it is one."""
    for folder, below, names in looked.walk(home):
        below[:] = sorted(one for one in below if one not in _ASIDE and not one.startswith("."))
        for name in sorted(names):
            if name.endswith(".py") or (name in _MANIFESTS and Path(folder) == home):
                file = Path(folder) / name
                try:
                    gathered.file(file, Path(os.path.relpath(file, base)).as_posix())
                except (Unreadable, OSError):
                    continue  # a link that leads out of the tree, or nowhere: told where it is imported


def _wanted(tree: Tree, folder: Path) -> Iterator[Path]:
    """The directories that something in a directory is installed with."""
    names = names_in(tree, folder)
    for name in names:
        if name.startswith("requirements") and name.endswith((".txt", ".in")):
            for path in _lines(tree, folder / name):
                yield Path(os.path.normpath(folder / path))
    if _PROJECT in names:
        yield from _of_project(tree, folder, _said(tree, folder / _PROJECT))


def _lines(tree: Tree, file: Path) -> Iterator[str]:
    try:
        text = tree.read(file).data.decode("utf-8", "replace")
    except Unreadable:
        return
    for line in text.splitlines():
        found = _PATH.match(line)
        if found is not None:
            yield found.group(1)


def _of_project(tree: Tree, folder: Path, said: Mapping[str, Any]) -> Iterator[Path]:
    """What ``pyproject.toml`` names by its path, or as a member of the workspace that it is one of."""
    shared = _table(said, "tool", "uv", "sources")
    for name, source in shared.items():
        for one in source if isinstance(source, list) else [source]:
            if isinstance(one, dict) and isinstance(one.get("path"), str):
                yield Path(os.path.normpath(folder / one["path"]))
            elif isinstance(one, dict) and one.get("workspace") is True:
                yield from _member(tree, folder, str(name))
    poetry = _table(said, "tool", "poetry")
    groups = _table(poetry, "group")
    for table in (poetry, *(one for one in groups.values() if isinstance(one, dict))):
        for one in _table(table, "dependencies").values():
            if isinstance(one, dict) and isinstance(one.get("path"), str):
                yield Path(os.path.normpath(folder / one["path"]))
    needed = _table(said, "project").get("dependencies")
    root = "file:///${PROJECT_ROOT}/"
    for line in needed if isinstance(needed, list) else ():
        _, at, where = str(line).partition("@")
        if at and where.strip().startswith(root):
            yield Path(os.path.normpath(folder / where.strip().removeprefix(root)))


def _member(tree: Tree, folder: Path, name: str) -> Iterator[Path]:
    """The package of a name in uv's workspace."""
    for above in (folder, *folder.parents):
        if above != tree.boundary and tree.boundary not in above.parents:
            return
        said = _said(tree, above / _PROJECT) if _PROJECT in names_in(tree, above) else {}
        workspace = _table(said, "tool", "uv", "workspace")
        for pattern in workspace.get("members") or ():
            yield from (one for one in _matching(tree, above, str(pattern)) if _is_called(tree, one, name))
        if workspace:
            return


def _matching(tree: Tree, above: Path, pattern: str) -> Iterator[Path]:
    """The directories that a pattern of members means."""
    found = [above]
    for part in pattern.strip("/").split("/"):
        if "*" in part or "?" in part:
            found = [one / name for one in found for name in names_in(tree, one) if fnmatch(name, part)]
        else:
            found = [one / part for one in found]
    yield from found


def _is_called(tree: Tree, folder: Path, name: str) -> bool:
    if _PROJECT not in names_in(tree, folder):
        return False
    own = _table(_said(tree, folder / _PROJECT), "project").get("name")
    return isinstance(own, str) and _plain(own) == _plain(name)


def _plain(name: str) -> str:
    return _SEPARATORS.sub("-", name).lower()


def _said(tree: Tree, file: Path) -> Mapping[str, Any]:
    try:
        source = tree.read(file)
    except Unreadable:
        return {}
    said: Mapping[str, Any] = tree.once("project of Python", source, partial(_parsed, source))
    return said


def _parsed(source: Source) -> Mapping[str, Any]:
    try:
        return tomllib.loads(source.data.decode("utf-8", "replace"))
    except tomllib.TOMLDecodeError:
        return {}  # no tool installs anything by it either


def _table(said: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    for name in names:
        inner = said.get(name)
        if not isinstance(inner, dict):
            return {}
        said = inner
    return said


def _is_inside(tree: Tree, place: Path) -> bool:
    try:
        return bool(tree.locate(place)) and looked.is_directory(place)
    except Unreadable:
        return False
