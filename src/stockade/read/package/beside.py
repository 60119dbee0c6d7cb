"""What a program takes of its repository from beside its own directory: in JavaScript as bundlers put it in.

Packages of a workspace, packages that a path is given for, what `paths` of `tsconfig.json` lead to, and files
that are imported by a path which leaves the directory. Of a package all source is taken, of the rest the files
that are imported. Nothing is looked for in `node_modules`, and nothing outside of the scanned tree. Of a
program in Python it is what that is installed with (`beside_python`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, TypeAlias

from stockade.model.package import Form, Package
from stockade.patterns import lazy_regex
from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.read.package.aliases import IS_SERVICE, IS_SETTINGS, aliases, inherited, of_modules, of_service
from stockade.read.package.beside_python import path_dependencies
from stockade.read.package.glances import names_in, said_in
from stockade.read.package.layered import LAYERS, is_named, tails
from stockade.read.package.listing import Gathered
from stockade.read.package.workspaces import everywhere, is_root, workspace
from stockade.read.walk import SKIPPED
from stockade.records import dataclass
from stockade.source import Source
from stockade.value import Default

_ENDINGS: Final = (".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx")
_TYPES: Final = (".d.ts", ".d.mts", ".d.cts")
_ASIDE: Final = SKIPPED | {"test", "tests", "__tests__", "__mocks__", "coverage", "cdk.out"}
"""Directories of which no program takes anything."""

_PACKAGES: Final = 100
"""Packages that one program takes from beside itself, at most."""
_FILES: Final = 5_000
"""Files that one program takes from beside itself, and files of which the imports are looked at, at most."""
_LONGEST: Final = 1_000_000
"""Bytes of a file that somebody wrote."""

_PATHS: Final = ("file:", "link:", "portal:")
"""What a version begins with that is a directory."""
_EVERYWHERE: Final = frozenset(("@aws-sdk", "@smithy", "@types"))
"""Scopes of packages that a runtime has, or that hold types."""
_KINDS: Final = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_MANIFEST: Final = "package.json"
_LOCKS: Final = frozenset({"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml"})
_IMPORTED: Final = lazy_regex(rb"\b(?:from|import|require)\s*\(?\s*[\"'`]([^\"'`\s]+)[\"'`]")

_OF_LAYERS: Final = lazy_regex(rb"[\"'`](/opt/[^\"'`\s]+)[\"'`]")
"""What may be imported of layers, by a path that is chosen as well: ``local ? "../db" : "/opt/db"``."""


Kept: TypeAlias = dict[tuple[Path, tuple[str, ...]], Callable[[], Package | None]]
"""What was found beside directories, by these and the files that are packed of them."""


def with_beside(tree: Tree, found: Package, kept: Kept) -> Package:
    """A program that knows what it takes from beside itself: looked for when somebody reads its source.

    ``kept`` is what programs of the same directory share: a service has many functions.
    """
    if not found.is_source:
        return found
    if found.above is not None:
        return replace(found, above=with_beside(tree, found.above, kept))
    base = _directory(tree, found, _is_source) or _directory(tree, found, _is_python)
    if base is None:
        return found
    look = kept.setdefault((base, tuple(found)), cache(_Taking(tree, found, base).taken))
    return replace(found, beside=look)


def beside_directory(tree: Tree, root: Path, paths: Iterable[str]) -> Package | None:
    """What a directory of source takes from beside itself, by its own files; ``None`` for nothing."""
    gathered = Gathered(tree)
    base = tree.locate(root)
    for path in paths:
        if _is_source(path) or _is_python(path) or _is_setting(path.rpartition("/")[2]):
            with suppress(Unreadable, OSError):  # told when it is read as a file of the program
                gathered.file(base / path, path)
    shown = tree.shown(base)
    found = gathered.package(Form.SOURCE, shown, "", Default("its directory was given"), "")
    return _Taking(tree, found, base).taken()


def _directory(tree: Tree, found: Package, is_source: Callable[[str], bool]) -> Path | None:
    """The directory that the paths of a package begin at, as its first file of source tells."""
    path = next((one for one in found if is_source(one)), None)
    if path is None:
        return None
    place = Path(os.path.normpath(tree.shown_from / found.shown(path)))
    return place.parents[path.count("/")] if place.as_posix().endswith(f"/{path}") else None


def _is_python(path: str) -> bool:
    return path.endswith(".py")


def _is_source(path: str) -> bool:
    return path.endswith(_ENDINGS) and not path.endswith(_TYPES) and _ASIDE.isdisjoint(path.split("/"))


@dataclass(frozen=True, slots=True)
class _Alias:
    """A pattern of ``paths``, before and after its star if it has one, and the path that it stands for."""

    before: str
    star: bool
    after: str
    target: str

    def path(self, specifier: str) -> Path | None:
        """What an import means by it."""
        if not self.star:
            return Path(self.target) if specifier == self.before else None
        if not specifier.startswith(self.before) or not specifier.endswith(self.after):
            return None
        middle = specifier[len(self.before) : len(specifier) - len(self.after) or None]
        return Path(os.path.normpath(self.target.replace("*", middle)))


class _Taking:
    """What one program takes, gathered import by import."""

    def __init__(self, tree: Tree, found: Package, base: Path) -> None:
        self._tree = tree
        self._found = found
        self._base = base
        self._gathered = Gathered(tree)
        self._above: tuple[Path, ...] = ()
        """The program's directory and those above it, up to the top of the repository."""
        self._by_path: dict[str, Path] = {}
        self._aliases: list[_Alias] = []
        self._homes: set[Path] = set()
        self._asked: set[tuple[str, Path | None]] = set()
        self._pending: list[tuple[Path, Source]] = []
        self._packages: Mapping[str, Path] = {}
        self._layers: list[Path] | None = None
        self._needed: set[str] = set()
        """Packages that the program, or a directory above it, says it needs."""
        self._scopes: set[str] = set()
        """What its own packages' names begin with: the `@shop` of `@shop/api`."""
        self._left = _FILES

    def taken(self) -> Package | None:
        """The files, by their paths from the program's directory; ``None`` for none."""
        self._above = tuple(self._up())
        if not self._above:
            return None  # a package that a user names lies outside of what is scanned
        for folder in self._above:
            if is_root(self._tree, folder):
                self._packages = workspace(self._tree, folder)
        settings_above = [file for folder in self._above[1:] for file in self._settings_in(folder)]
        for file in settings_above:
            self._learn(file)
        for path in self._found:
            if _ASIDE.isdisjoint(path.split("/")) and _is_setting(path.rpartition("/")[2]):
                self._learn(self._base / path)
        self._service()
        for path in self._found:
            if _is_source(path) and self._left:
                self._left -= 1
                self._read(self._base / path)
        self._left = _FILES
        while self._pending:
            place, source = self._pending.pop()
            for specifier in self._tree.once("imports", source, partial(_imports, source)):
                self._import(specifier, place.parent)
        if any(_is_python(path) for path in self._found):
            path_dependencies(self._tree, self._base, self._gathered)
        for file in (*settings_above, *self._locks_above()):
            self._add(file)
        if not self._gathered.entries:
            return None
        found = self._found
        made = self._gathered.package(Form.SOURCE, found.path, "", found.origin, found.tool, found.built)
        return replace(made, folder=self._base.relative_to(self._above[-1]).as_posix())

    def _service(self) -> None:
        """What a service tells its bundler stands in a file which is not packed."""
        for name in names_in(self._tree, self._base):
            if IS_SERVICE.fullmatch(name) and name not in set(self._found):
                self._learn(self._base / name)
                if self._aliases:
                    with suppress(Unreadable, OSError):
                        self._gathered.file(self._base / name, name)

    def _up(self) -> Iterator[Path]:
        for folder in (self._base, *self._base.parents):
            if folder != self._tree.boundary and self._tree.boundary not in folder.parents:
                return
            yield folder
            if is_root(self._tree, folder) or looked.is_there(folder / ".git"):
                return

    # --------------------------------------------------------------------------------------- settings

    def _settings_in(self, folder: Path) -> list[Path]:
        return [folder / name for name in names_in(self._tree, folder) if _is_setting(name)]

    def _locks_above(self) -> list[Path]:
        """The lock files of the workspace that a program is a part of."""
        above = self._above[1:]
        return [folder / name for folder in above for name in names_in(self._tree, folder) if name in _LOCKS]

    def _learn(self, file: Path) -> None:
        """What a ``package.json`` or ``tsconfig.json`` says of names that are paths."""
        if file.name == _MANIFEST:
            said = said_in(self._tree, file)
            for name, version in _versions(said):
                self._needed.add(name)
                if version.startswith(_PATHS):
                    path = version.partition(":")[2]
                    self._by_path.setdefault(name, Path(os.path.normpath(file.parent / path)))
            self._scopes.add(_scope(str(said.get("name"))))
            self._name(of_modules(str(file), said))
            return
        if IS_SERVICE.fullmatch(file.name):
            with suppress(Unreadable):  # told when the service is read
                self._name(of_service(str(file), self._tree.read(file).data.decode(errors="replace")))
            return
        for above in inherited(str(file), self._said, self._home)[1:]:
            self._at(Path(above))
        self._name(aliases(str(file), self._said, self._home))

    def _name(self, named: Iterable[tuple[str, str]]) -> None:
        for pattern, target in named:
            before, star, after = pattern.partition("*")
            self._aliases.append(_Alias(before, bool(star), after, target))

    def _said(self, file: str) -> Mapping[str, Any]:
        return said_in(self._tree, Path(file))

    def _home(self, name: str) -> str | None:
        """The directory of a package of the repository."""
        home = self._by_path.get(name) or self._packages.get(name)
        return str(home) if home is not None else None

    # ---------------------------------------------------------------------------------------- imports

    def _import(self, specifier: str, folder: Path) -> None:
        relative = specifier.startswith(".")
        key = (specifier, folder if relative else None)
        if key in self._asked:
            return
        self._asked.add(key)
        if relative:
            self._at(Path(os.path.normpath(folder / specifier)))
            return
        if specifier.startswith("node:"):
            return
        if specifier.startswith(LAYERS):
            self._of_layer(specifier.removeprefix(LAYERS))
        for alias in self._aliases:
            path = alias.path(specifier)
            if path is not None:
                self._at(path)
        parts = specifier.split("/")
        name = "/".join(parts[:2]) if specifier.startswith("@") else parts[0]
        home = self._home(name)
        if home is not None:
            self._package(Path(home))
        elif _scope(name) and (name not in self._needed or _scope(name) in self._scopes):
            # One of the repository's own that some script puts in its place: nothing says where it comes from.
            found = everywhere(self._tree, self._above[-1]).get(name)
            if found is not None:
                self._package(found)

    def _at(self, target: Path) -> None:
        """The file that a path means, and the whole package that it is a part of."""
        if self._is_own(target) or not self._is_inside(target):
            return
        home = next((one for one in target.parents if self._is_home(one)), None)
        if home is not None:
            self._package(home)
            return
        stem = target.name.removesuffix(".js")
        for name in names_in(self._tree, target.parent):
            if name == target.name or (name.startswith(f"{stem}.") and name[len(stem) :] in _ENDINGS):
                self._add(target.parent / name)
        for name in names_in(self._tree, target):
            if name == _MANIFEST or name in {f"index{ending}" for ending in _ENDINGS}:
                self._add(target / name)

    def _of_layer(self, tail: str) -> None:
        """What is in a layer, by the directories of the repository that are called as layers' are."""
        if self._layers is None:
            self._layers = []
            for folder, below, _ in looked.walk(self._above[-1]):
                below[:] = sorted(one for one in below if one not in _ASIDE and not one.startswith("."))
                self._layers += (Path(folder) / one for one in below if is_named(one))
                if len(self._layers) > _PACKAGES:
                    break
        for layers in self._layers:
            for home in (layers, *(layers / one for one in names_in(self._tree, layers))):
                for one in tails(tail):
                    self._at(home / one)

    def _is_home(self, folder: Path) -> bool:
        """Whether a directory is a package which the program is not a part of."""
        if folder in self._above or not self._is_inside(folder) or self._above[-1] not in folder.parents:
            return False
        return _MANIFEST in names_in(self._tree, folder)

    def _package(self, home: Path) -> None:
        """All source of a package."""
        if home in self._homes or self._is_own(home) or home in self._above:
            return
        if not self._is_inside(home) or not looked.is_directory(home):
            return
        self._homes.add(home)
        if len(self._homes) > _PACKAGES:
            self._gathered.cut = True
            return
        for folder, below, names in looked.walk(home):
            below[:] = sorted(one for one in below if one not in _ASIDE and not one.startswith("."))
            for name in sorted(names):
                if name.endswith(".json") or _is_source(name):
                    self._add(Path(folder) / name)
            if self._gathered.cut:
                return

    def _add(self, file: Path) -> None:
        """One file, if it is none of the program's own."""
        path = os.path.relpath(file, self._base)
        if path in self._gathered.entries or self._is_own(file):
            return
        if not self._left:
            self._gathered.cut = True
            return
        self._left -= 1
        try:
            self._gathered.file(file, Path(path).as_posix())
        except (Unreadable, OSError):
            return  # a link that leads out of the tree, or nowhere: told where it is imported
        if _is_setting(file.name):
            self._learn(file)
        elif _is_source(file.name):
            self._read(file)

    def _read(self, file: Path) -> None:
        try:
            source = self._tree.read(file)
        except Unreadable:
            return  # told when it is read as a file of the program
        if len(source.data) <= _LONGEST:
            self._pending.append((file, source))

    def _is_own(self, place: Path) -> bool:
        return place == self._base or self._base in place.parents

    def _is_inside(self, place: Path) -> bool:
        try:
            return bool(self._tree.locate(place))
        except Unreadable:
            return False


def _is_setting(name: str) -> bool:
    return name == _MANIFEST or any(one.fullmatch(name) is not None for one in (IS_SETTINGS, IS_SERVICE))


def _scope(name: str) -> str:
    """What a package's name begins with: `@shop/` of `@shop/api`; empty where it begins so with nothing, or
    as AWS's own packages do, which are there without being asked for."""
    scope, slash, _ = name.partition("/")
    return scope if slash and scope.startswith("@") and scope not in _EVERYWHERE else ""


def _versions(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind in _KINDS:
        needed = manifest.get(kind)
        if isinstance(needed, dict):
            yield from ((str(name), str(version)) for name, version in needed.items())


def _imports(source: Source) -> tuple[str, ...]:
    found = dict.fromkeys((*_IMPORTED.findall(source.data), *_OF_LAYERS.findall(source.data)))
    return tuple(one.decode("utf-8", "replace") for one in found)
