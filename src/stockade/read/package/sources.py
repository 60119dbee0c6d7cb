"""Where the source lies of a package that is built before it is deployed, and so is not among the files.

`tsconfig.json` says which directory a compiler writes which source to. Beside that a package is found by its
function's handler: a file of that name, which names the function, and which stands where its package is
written to, or in a directory that the package is named after, or is the only one of its name. Or a bundler is
told which file to begin with (`bundlers`). What is in the package besides is not known; where several files may
be meant nothing is.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

from stockade.model.package import Form, Package
from stockade.patterns import lazy_regex
from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.read.package import bundlers
from stockade.read.package.aliases import inherited
from stockade.read.package.glances import names_in, said_in
from stockade.read.package.listing import directory
from stockade.read.walk import BUILT, SKIPPED, walk
from stockade.records import dataclass
from stockade.value import Origin

TOOL: Final = "build"
"""What packs such a package, of which no more is known."""

_ENDINGS: Final = {
    "python": (".py",),
    "nodejs": (".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs"),
    "java": (".java",),
    "go": (".go",),
    "provided": (".go",),
}
"""Family of runtimes -> what files end in that may hold a handler."""

_MANIFESTS: Final = frozenset(
    {
        "package.json",
        "tsconfig.json",
        "package-lock.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "requirements.txt",
        "pyproject.toml",
        "poetry.lock",
        "uv.lock",
        "Pipfile",
        "Pipfile.lock",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "go.mod",
        "go.sum",
    }
)
"""Files that say what is installed beside the source."""

_ASIDE: Final = SKIPPED | {
    "test",
    "tests",
    "__tests__",
    "__mocks__",
    "spec",
    "fixtures",
    ".aws-sam",
    ".git",
    ".venv",
}
"""Directories whose files are nobody's handler."""

_INNER: Final = frozenset({"src", "app", "lambda", "code", "source"})
"""Directories that hold a function's source and are not named after it."""
_COMMON: Final = frozenset(
    {
        "index",
        "main",
        "app",
        "handler",
        "handlers",
        "lambda",
        "lambda_function",
        "lambda_handler",
        "lambdafunction",
        "function",
        "bootstrap",
        "server",
        "api",
        "service",
        "__init__",
        "run",
    }
)
"""Names of files that any function may have: that there is one only says nothing."""

_MODULES: Final = ("src/main/java", "src/main/kotlin", "src")
_CONFIGURATION: Final = lazy_regex(r"tsconfig[\w.-]*\.json")
_MARKS: Final = lazy_regex(r"[\W_]+")
_LEAST: Final = 6
"""Letters that a part of a name needs to be one."""
_CLIMBS: Final = 3
"""Directories that are searched, each above the one before."""
_FOLDERS: Final = 2_000
"""Directories below one that are looked into; where there are more, names say little."""


@dataclass(frozen=True, slots=True)
class Found:
    """``directory`` holds the source, ``how`` completes what is known of the package.

    ``project`` is the directory around it in which files may be that it refers to. ``handler`` is what the
    source calls the handler, where that is another name.
    """

    directory: Path
    project: Path
    how: str
    endings: tuple[str, ...]
    handler: str = ""


def package(tree: Tree, found: Found, origin: Origin) -> Package:
    """The source as a package that a build makes more of, or less."""
    made = _listed(tree, found.directory, found, origin)
    if found.project != found.directory:
        above = _listed(tree, found.project, found, origin)
        folder = found.directory.relative_to(found.project).as_posix()
        made = replace(made, above=above, folder=folder)
    return replace(made, handler=found.handler, absent=True)


def _listed(tree: Tree, at: Path, found: Found, origin: Origin) -> Package:
    wanted = (*found.endings, ".json")

    def keep(path: str) -> bool:
        folders, _, name = path.rpartition("/")
        if not _ASIDE.isdisjoint(folders.split("/")):
            return False
        return name in _MANIFESTS or name.endswith(wanted)

    return directory(tree, at, origin, TOOL, form=Form.SOURCE, keep=keep, built=found.how, copied=False)


class Sources:
    """The sources of one tree, found by name. What stands below a directory is looked up once, and so is where
    a handler may be: most functions of a project are built into one directory and call their handlers the same.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._around: dict[str, tuple[Path, ...]] = {}
        self._near: dict[tuple[Path, str, str, str], tuple[Sequence[Path], looked.Seen]] = {}
        self._ends: dict[Path, tuple[bool, looked.Seen]] = {}

    def of(self, absent: Path, handler: str, family: str | None) -> Found | None:
        """The source that is built into something that is not there, as a function's handler tells."""
        path, function = _file_of(handler, family) if family in _ENDINGS else ("", "")
        if not path or family is None:
            return None
        missing = os.path.normpath(absent)
        found = self._compiled(Path(missing), path) if family == "nodejs" else None
        found = found or self._by_name(missing, path, function, family)
        return found or (self._bundled(Path(missing), path, function) if family == "nodejs" else None)

    # ------------------------------------------------------------------------------------ compilers

    def _compiled(self, missing: Path, path: str) -> Found | None:
        """By the configuration of TypeScript whose output holds what is missing."""
        for folder in missing.parents:
            if not self._is_inside(folder):
                return None
            for name in filter(_CONFIGURATION.fullmatch, names_in(self._tree, folder)):
                for source in self._roots(folder, name, missing):
                    if any(looked.is_file(source / f"{path}{ending}") for ending in _ENDINGS["nodejs"]):
                        return self._found(source, "nodejs", f"as `{name}` says")
        return None

    def _roots(self, folder: Path, name: str, missing: Path) -> Iterator[Path]:
        """The directories whose source a configuration may send to what is missing."""
        out, of_out = self._option(folder / name, "outDir")
        if out is None:
            return
        output = Path(os.path.normpath(of_out / out))
        if output != missing and output not in missing.parents:
            return
        rest = missing.relative_to(output)
        rest = rest.parent if rest.suffix else rest
        root, of_root = self._option(folder / name, "rootDir")
        for one in (of_root / root,) if root is not None else (folder / "src", folder):
            source = Path(os.path.normpath(one / rest))
            if self._is_inside(source):
                yield source

    def _option(self, file: Path, name: str) -> tuple[str | None, Path]:
        """A path among a compiler's settings, or those that they extend, with the directory that it is from."""

        def said(path: str) -> Mapping[str, Any]:
            return said_in(self._tree, Path(path)) if self._is_inside(Path(path).parent) else {}

        for one in inherited(str(file), said, lambda package: None):
            options = said(one).get("compilerOptions")
            found = options.get(name) if isinstance(options, dict) else None
            if isinstance(found, str):
                return found, Path(one).parent
        return None, file.parent

    def _bundled(self, missing: Path, path: str, function: str) -> Found | None:
        """By the one file that a bundler begins with, in the package that the bundle is written to."""
        home = _home(missing)
        if not self._is_inside(home) or not looked.is_file(home / "package.json"):
            return None
        own = said_in(self._tree, home / "package.json")
        found = dict.fromkeys(bundlers.commands(own.get("scripts")), "package.json")
        for name in filter(bundlers.SETTINGS.fullmatch, names_in(self._tree, home)):
            made = bundlers.entries(self._beginning(home / name))
            if made is None:
                return None
            found.update((one, name) for one in made)
        there = {one: name for one, name in found.items() if self._is_there(home / one.file)}
        chosen = bundlers.meant(there, (path, posixpath.basename(path), missing.stem))
        if chosen is None or not self._mentions(file := _normal(home / chosen), function):
            return None
        told = next(name for one, name in there.items() if _normal(home / one.file) == file)
        return replace(
            self._found(file.parent, "nodejs", f"as `{told}` says"), handler=f"{file.stem}.{function}"
        )

    def _is_there(self, file: Path) -> bool:
        normal = _normal(file)
        return self._is_inside(normal) and looked.is_file(normal)

    def _beginning(self, path: Path) -> str:
        """The first part of a program; nothing of one that cannot be read, which others tell."""
        try:
            return self._tree.begin(path, bundlers.BEGINNING).decode(errors="replace")
        except Unreadable:
            return ""

    # ---------------------------------------------------------------------------------------- names

    def _by_name(self, missing: str, path: str, function: str, family: str) -> Found | None:
        """By the file that the handler names, where it can be one only: near the package before further up."""
        for around in self._searched(missing):
            found = self._roots_near(around, path, function, family)
            if found:
                home, stem = self._searched(missing)[0], Path(missing).stem
                beside = [one for one in found if one == home or (one.parent == home and one.name in _INNER)]
                called = [one for one in found if _is_named_after(one, stem)]
                ends = [one for one in found if _ends_with(stem, _name_of(one))]
                lone = found if posixpath.basename(path).lower() not in _COMMON else []
                for roots in (beside, called, ends, lone):
                    if len(roots) == 1:
                        return self._found(roots[0], family, "where its handler is")
                    if roots:
                        return None
            if looked.once(self._ends, around, lambda: self._has_readme(around)):  # noqa: B023 - called at once
                return None  # what is above is another project
        return None

    def _searched(self, missing: str) -> tuple[Path, ...]:
        """Where the source of something is looked for, the nearest first: the same for all of one directory."""
        folder = os.path.dirname(missing)
        found = self._around.get(folder)
        if found is None:
            home = _home(Path(missing))
            climbed = (home, *home.parents)[:_CLIMBS]
            found = self._around[folder] = tuple(takewhile(self._is_inside, climbed))
        return found

    def _roots_near(self, around: Path, path: str, function: str, family: str) -> Sequence[Path]:
        """The directories at which the names of files begin that name the function."""

        def found() -> Sequence[Path]:
            candidates = self._candidates(around, path, family)
            return [root for file, root in candidates if self._mentions(file, function)]

        return looked.once(self._near, (around, path, function, family), found)

    def _has_readme(self, folder: Path) -> bool:
        return any(name.lower().startswith("readme") for name in names_in(self._tree, folder))

    def _mentions(self, file: Path, function: str) -> bool:
        """Whether a file begins with a name somewhere in it; what lies out of the tree does not."""
        try:
            return function.encode() in self._tree.begin(file, looked.FIRST)
        except Unreadable:
            return False

    def _is_inside(self, folder: Path) -> bool:
        return folder == self._tree.boundary or self._tree.boundary in folder.parents

    def _found(self, source: Path, family: str, why: str) -> Found:
        project = source
        if family == "nodejs":
            above = (one for one in (source, *source.parents) if self._is_inside(one))
            project = next((one for one in above if looked.is_file(one / "package.json")), source)
        how = f"a build makes it of `{self._tree.shown(source)}`, {why}"
        return Found(source, project, how, _ENDINGS[family])

    def _candidates(self, around: Path, path: str, family: str) -> Iterator[tuple[Path, Path]]:
        """The files that a handler may be in, each with the directory that its name begins at."""
        parts = tuple(path.split("/"))
        files = self._below(around)
        for ending in _ENDINGS[family]:
            for file in files.get(f"{parts[-1]}{ending}", ()):
                if file.parts[-len(parts) : -1] == parts[:-1]:
                    root = file.parents[len(parts) - 1]
                    yield file, _module(root) if family == "java" else root

    def _below(self, folder: Path) -> Mapping[str, Sequence[Path]]:
        """All files below a directory that may be source, by their names; none where they are too many."""
        files, seen = self._tree.across(f"sources below {folder}", lambda: looked.made(lambda: _walked(folder)))
        looked.again(seen)
        return files


def _walked(top: Path) -> dict[str, list[Path]]:
    wanted = tuple({ending for endings in _ENDINGS.values() for ending in endings})
    out: dict[str, list[Path]] = {}
    for number, folder in enumerate(walk(top)):
        if number == _FOLDERS:
            return {}
        if _ASIDE.isdisjoint(folder.path.parts[len(top.parts) :]):
            for name in folder.files:
                if name.endswith(wanted):
                    out.setdefault(name, []).append(folder.path / name)
    return out


def _file_of(handler: str, family: str) -> tuple[str, str]:
    """The path of a handler's file without its ending, and the name that it has there."""
    if family == "java":
        name, _, method = handler.partition("::")
        return name.replace(".", "/"), method or "handleRequest"
    if family in ("go", "provided"):
        return "main", "func main"
    if family == "python":
        name, _, function = handler.rpartition(".")
        return posixpath.normpath(name.replace(".", "/")) if name else "", function
    folder, _, last = handler.rpartition("/")
    name, _, function = last.partition(".")
    return posixpath.normpath(posixpath.join(folder, name)) if name else "", function or "handler"


def _module(root: Path) -> Path:
    """The directory of a module of Java whose sources begin at ``root``."""
    for inner in _MODULES:
        parts: Sequence[str] = inner.split("/")
        if root.parts[-len(parts) :] == tuple(parts):
            return root.parents[len(parts) - 1]
    return root


def _name_of(root: Path) -> str:
    """What a directory of source is called after."""
    return root.parent.name if root.name in _INNER else root.name


def _is_named_after(root: Path, package: str) -> bool:
    """Whether a package has the name of a directory, with or without that of the one above it."""
    name, above = _name_of(root), (root.parent.parent if root.name in _INNER else root.parent).name
    return _plain(package) in (_plain(name), _plain(above + name))


def _ends_with(package: str, name: str) -> bool:
    """Whether one of two names is the other with more in front of it."""
    shorter, longer = sorted((_plain(package), _plain(name)), key=len)
    return len(shorter) >= _LEAST and longer.endswith(shorter)


def _plain(name: str) -> str:
    return _MARKS.sub("", name).lower()


def _normal(path: Path) -> Path:
    return Path(os.path.normpath(path))


def _home(missing: Path) -> Path:
    """The directory that a package is built in, whatever the one is called that it is written to."""
    home = missing.parent
    while home.name in BUILT:
        home = home.parent
    return home
