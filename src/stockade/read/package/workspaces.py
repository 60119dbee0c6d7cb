"""The packages of a repository that its `package.json`, pnpm, Lerna or Rush say belong together, by name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.read.package.glances import said_in
from stockade.read.package.globs import fits
from stockade.read.walk import SKIPPED

_MANIFEST: Final = "package.json"
_PNPM: Final = "pnpm-workspace.yaml"
_LERNA: Final = "lerna.json"
_RUSH: Final = "rush.json"
_TOPS: Final = (_PNPM, _LERNA, _RUSH, "nx.json")
_MOST: Final = 1_000
"""Packages of a workspace that are looked at; of those after them it is told that they were not found."""
_FOLDERS: Final = 5_000
"""Directories that are looked into for them."""


def is_root(tree: Tree, folder: Path) -> bool:
    """Whether a directory says which packages belong together, or is known to hold all of them."""
    if any(looked.is_file(folder / name) for name in _TOPS):
        return True
    return looked.is_file(folder / _MANIFEST) and bool(_listed(said_in(tree, folder / _MANIFEST)))


def workspace(tree: Tree, top: Path) -> Mapping[str, Path]:
    """The directories of a workspace's packages, by the packages' names."""

    def found() -> Mapping[str, Path]:
        named = _named(tree, _Folders(top, _patterns(tree, top)))
        return {name: folders[0] for name, folders in named.items()}

    packages, seen = tree.across(f"workspace {top}", lambda: looked.made(found))
    looked.again(seen)
    return packages


def everywhere(tree: Tree, top: Path) -> Mapping[str, Path]:
    """The directories of all packages below one that nothing says belong together, by the packages' names.

    A name that several have says nothing.
    """

    def found() -> Mapping[str, Path]:
        named = _named(tree, _Folders(top, ["**"]))
        return {name: folders[0] for name, folders in named.items() if len(folders) == 1}

    packages, seen = tree.across(f"packages {top}", lambda: looked.made(found))
    looked.again(seen)
    return packages


def _named(tree: Tree, folders: _Folders) -> dict[str, list[Path]]:
    out: dict[str, list[Path]] = {}
    for folder in folders.all():
        name = said_in(tree, folder / _MANIFEST).get("name")
        if isinstance(name, str) and name:
            out.setdefault(name, []).append(folder)
    return out


class _Folders:
    """The directories that patterns mean."""

    def __init__(self, top: Path, patterns: list[str]) -> None:
        self._top = top
        self._patterns = patterns
        self._left = _FOLDERS

    def all(self) -> Iterator[Path]:
        patterns = [one.removeprefix("./").rstrip("/") for one in self._patterns]
        refused = [fits(one[1:].removeprefix("./")) for one in patterns if one.startswith("!")]
        met: set[Path] = set()
        for pattern in patterns:
            if not pattern or pattern.startswith("!"):
                continue
            for folder in self._expanded(self._top, pattern.split("/")):
                path = os.path.relpath(folder, self._top)
                if folder in met or any(refuse(path) for refuse in refused):
                    continue
                if len(met) == _MOST:
                    return
                if looked.is_file(folder / _MANIFEST):
                    met.add(folder)
                    yield folder

    def _expanded(self, folder: Path, parts: list[str]) -> Iterator[Path]:
        if not parts:
            yield folder
            return
        first, rest = parts[0], parts[1:]
        if not any(one in first for one in "*?[{"):
            below = Path(os.path.normpath(folder / first))
            if below == self._top or self._top in below.parents:
                yield from self._expanded(below, rest)
            return
        if first == "**":
            yield from self._expanded(folder, rest)
        fit = fits("*" if first == "**" else first)
        for below in self._below(folder):
            if fit(below.name):
                yield from self._expanded(below, parts if first == "**" else rest)

    def _below(self, folder: Path) -> Iterator[Path]:
        """The directories in one, less those of other people's code."""
        if not self._left:
            return
        self._left -= 1
        try:
            names = looked.names(folder)
        except OSError:
            return
        for name in names:
            if name in SKIPPED or name.startswith(".") or name.endswith((".ts", ".js", ".json")):
                continue
            if looked.is_directory(folder / name) and looked.real(folder / name) == str(folder / name):
                yield folder / name


def _patterns(tree: Tree, top: Path) -> list[str]:
    """What says where packages are, whoever says it."""
    out = _listed(said_in(tree, top / _MANIFEST))
    if looked.is_file(top / _PNPM):
        out += _texts(_yaml(tree, top / _PNPM).get("packages"))
    if looked.is_file(top / _LERNA):
        out += _texts(said_in(tree, top / _LERNA).get("packages"))
    if looked.is_file(top / _RUSH):
        projects = said_in(tree, top / _RUSH).get("projects")
        for one in projects if isinstance(projects, list) else ():
            out += _texts([one.get("projectFolder")] if isinstance(one, dict) else None)
    return out


def _listed(manifest: Mapping[str, Any]) -> list[str]:
    said = manifest.get("workspaces")
    return _texts(said.get("packages") if isinstance(said, dict) else said)


def _texts(said: Any) -> list[str]:
    return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []


def _yaml(tree: Tree, path: Path) -> Mapping[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        found = yaml.load(tree.read(path).data, Loader=loader)  # noqa: S506  # a safe loader in either case
    except (Unreadable, yaml.YAMLError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
