"""Packages that are not packed yet: directories and single files of the scanned tree."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from pathlib import Path

from stockade.model.package import ABSENT, Entry, Form, Package, Trouble
from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.records import dataclass
from stockade.source import Source
from stockade.value import Origin


class Absent(Unreadable):
    """A package that is not there. ``path`` is where it would be."""

    def __init__(self, path: Path) -> None:
        super().__init__(ABSENT)
        self.path = path


MANY = 100_000
"""Files of one package that are listed; the largest that Lambda takes has room for about as many."""

Keep = Callable[[str], bool]


@dataclass
class Gathered:
    """Files gathered from places of a tree, each under its path in the package."""

    tree: Tree
    entries: dict[str, Entry] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    excluded: int = 0
    cut: bool = False

    def directory(self, directory: Path, keep: Keep | None = None, prefix: str = "") -> None:
        """All files below a directory that ``keep`` keeps, by their path from there."""
        for one in self.tree.listing(directory, MANY):
            path = posixpath.join(prefix, one.path)
            if keep is not None and not keep(one.path):
                self.excluded += 1
                continue
            if one.trouble:
                self.cut = self.cut or "more than" in one.trouble
                self.troubles.append(Trouble(path, one.trouble))
                continue
            self.entries[path] = Entry(path, one.size, None, one.link, one.mode)
            self.places[path] = str(directory / one.path)

    def file(self, file: Path, path: str) -> None:
        """One file. Raises ``Unreadable`` where there is none."""
        real = self.tree.locate(file)
        if not looked.is_file(real):
            raise Unreadable("there is no such file")
        info = looked.details(real)
        self.entries[path] = Entry(path, info.st_size, None, None, info.st_mode & 0o7777)
        self.places[path] = str(file)

    def written(self, path: str, content: bytes, shown: str | None = None) -> None:
        """A file whose content stands in the configuration, or in the file that ``shown`` names."""
        self.entries[path] = Entry(path, len(content))
        if shown is not None:
            self.named[path] = shown
        self.contents[path] = content

    def package(
        self, form: Form, shown: str, base: str, origin: Origin, tool: str, built: str = "", copied: bool = True
    ) -> Package:
        paths = sorted(self.entries)
        return Package(
            form=form,
            path=shown,
            base=base,
            entries=tuple(self.entries[path] for path in paths),
            origin=origin,
            opener=self._open,
            tool=tool,
            troubles=tuple(self.troubles),
            excluded=self.excluded,
            built=built,
            copied=copied,
            cut=self.cut,
            place=self._shown,
            reader=self._read,
        )

    def _shown(self, path: str) -> str | None:
        place = self.places.get(path)
        return self.tree.shown(place) if place is not None else self.named.get(path)

    def _read(self, path: str) -> Source | None:
        """A file of the tree as the rest of the scan has it, so that its places are the same ones."""
        place = self.places.get(path)
        return (
            self.tree.read(place) if place is not None and self.entries[path].size <= self.tree.limit else None
        )

    def _open(self, path: str, size: int) -> bytes:
        if path in self.contents:
            return self.contents[path][:size]
        place = self.places.get(path)
        if place is None:
            raise Unreadable("there is no such file")
        return self.tree.begin(place, size)


def directory(
    tree: Tree,
    directory: Path,
    origin: Origin,
    tool: str,
    *,
    form: Form = Form.DIRECTORY,
    keep: Keep | None = None,
    built: str = "",
    copied: bool = True,
) -> Package:
    """A directory as a package. Raises ``Unreadable`` where there is none inside of the tree."""
    gathered = Gathered(tree)
    gathered.directory(directory, keep)
    shown = tree.shown(directory)
    return gathered.package(form, shown, "", origin, tool, built, copied)


def without(excludes: Iterable[Callable[[str], bool]]) -> Keep | None:
    """Keeps what none of the rules excludes, neither itself nor a directory above it."""
    rules: Sequence[Callable[[str], bool]] = tuple(excludes)
    if not rules:
        return None
    known: dict[str, bool] = {"": True}

    def keep(path: str) -> bool:
        found = known.get(path)
        if found is None:
            found = known[path] = keep(path.rpartition("/")[0]) and not any(rule(path) for rule in rules)
        return found

    return keep
