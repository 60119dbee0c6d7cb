"""From what an import says to a file of the function, or to the package that it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from posixpath import basename, dirname, join, normpath
from typing import Any, Final

from stockade.code.files import LAYERS, Files
from stockade.code.javascript.exported import exported
from stockade.code.javascript.locked import LOCKS, Locked
from stockade.model.imports import BUILT_IN
from stockade.patterns import lazy_regex
from stockade.read.files import Unreadable
from stockade.read.package.aliases import IS_SERVICE, IS_SETTINGS, aliases, of_modules, of_service
from stockade.read.package.layered import is_of_layer
from stockade.settings_text import settings

ENDINGS: Final = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx")
"""What a file of source may end with, in the order in which they are looked for."""

_ROOTS: Final = ("src", "app", "lib")
"""What directories of source are called."""

PATHS: Final = ("file:", "link:", "portal:")
"""What a version begins with that is a directory."""

_TASK: Final = "/var/task/"
"""Where the function's own files are when it runs."""

_WRITTEN_AS: Final = {".js": (".ts", ".tsx", ".jsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
"""TypeScript names the file that will be there when it runs."""

_ENDING: Final = lazy_regex(r"\.(\*|[cm]?[jt]sx?|\{[\w,]+\}|[+@]\([\w|]+\))$")
"""What patterns of paths end with where they are of files of source."""


def is_source(path: str) -> bool:
    """Whether a file is JavaScript or TypeScript, and no mere declaration of types."""
    return path.endswith(ENDINGS) and not path.endswith((".d.ts", ".d.mts", ".d.cts"))


class Resolver:
    """Finds files of one function."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._beside = frozenset(files.beside)
        self._found: dict[tuple[str, str], str | None] = {}

    def file(self, specifier: str, importer: str) -> str | None:
        """The file that an import of ``importer`` means; ``None`` where it is none of the function's."""
        # What is not relative means the same wherever it stands, but for what other packages call their own;
        # each use of an imported name asks again.
        here = specifier.startswith(".") or importer in self._beside
        key = (specifier, dirname(importer) if here else "")
        if key not in self._found:
            self._found[key] = self._look(specifier, importer)
        return self._found[key]

    def _look(self, specifier: str, importer: str) -> str | None:
        if specifier.startswith(("./", "../")) or specifier in (".", ".."):
            if self._beside:
                path = normpath(join(dirname(importer), specifier))
                found = self.at(path) if path.startswith("..") else None
                if found is not None or importer in self._beside:
                    return found
            # A path that leaves the function's directory may lead to its layers.
            whole = normpath(join(_TASK, dirname(importer), specifier))
            path = whole.removeprefix(_TASK) or "." if whole != _TASK.rstrip("/") else "."
            return self.at(path) or self._in_other_capitals(path)
        if specifier.startswith("/"):
            path = normpath(specifier)
            layer = path.removeprefix(LAYERS) if path.startswith(LAYERS) else ""
            found = self.at(path.removeprefix(_TASK)) or self._only(layer)
            if found is None and layer.startswith("nodejs/"):
                # A layer that is built of source without `nodejs/`, which `sam build` puts around it.
                found = self.at(LAYERS + layer.removeprefix("nodejs/"))
            # Settings may say where the source of a layer is, for the compiler to find its types.
            return found or self._first(self._mapped(specifier, importer)) or self._of_layer(layer)
        found = self._first(self._mapped(specifier, importer))
        if found is not None:
            return found
        for base in ("nodejs/node_modules/", "nodejs/"):
            found = self.at(f"{LAYERS}{base}{specifier}")
            if found is not None:
                return found
        if package_name(specifier) in self.dependencies or package_name(specifier) in BUILT_IN:
            return None
        found = self.at(normpath(specifier))  # the last directory of Lambda's NODE_PATH is the function's own
        return found if found is not None else self._aliased(specifier)

    def _first(self, paths: Iterable[str]) -> str | None:
        """The file that the first of some paths stands for which stands for one."""
        return next((found for path in paths if (found := self.at(path)) is not None), None)

    def _aliased(self, specifier: str) -> str | None:
        """The one file that ends as a name does which settings of a compiler or a bundler, not read, must map.

        ``@use-cases/booking`` is no package of the project's, and there is one ``…/use-cases/booking.ts``;
        ``lib/topics`` is none either, where what is needed is said, and there is one ``…/lib/topics.js``.
        """
        bare = specifier.lstrip("@~#$").lstrip("/")
        if not bare:
            return None
        if bare == specifier:
            return self._rooted(specifier) or (self._only(specifier) if self.dependencies else None)
        if specifier.startswith(("@/", "~/", "#/", "$/")):
            return self.at(f"src/{bare}") or self.at(f"app/{bare}") or self.at(bare)
        return self._only(bare)

    def _rooted(self, specifier: str) -> str | None:
        """The file of a name that begins at the directory of the source, which a bundler is told to look in.

        ``utils/response`` is no package where a ``package.json`` is there and does not have it.
        """
        folders = set(self.packages.values())
        if not folders and "/" in specifier:
            folders = {""}
        found = {self.at(normpath(join(folder, root, specifier))) for folder in folders for root in _ROOTS}
        found.discard(None)
        return found.pop() if len(found) == 1 else None

    def _in_other_capitals(self, path: str) -> str | None:
        """The one file that a path stands for where capitals count for nothing, as bundlers find it."""
        wanted = {one.lower() for one in (path, *_ends(path))}
        found = [one for one in self._files if one.lower() in wanted and is_source(one)]
        return found[0] if len(found) == 1 else None

    def _only(self, tail: str) -> str | None:
        """The one file whose path ends so; ``None`` where several do, or where it is no more than a name."""
        if "/" not in tail:
            return None
        ends = _ends(tail)
        found = [
            path
            for path in self._files
            if is_source(path) and any(path == end or path.endswith(f"/{end}") for end in ends)
        ]
        return found[0] if len(found) == 1 else None

    def _of_layer(self, tail: str) -> str | None:
        """The one file of the source of a layer, by what its directory is called, that will be there."""
        if not tail:
            return None
        found = {path for path in (*self._files, *self._beside) if is_source(path) and is_of_layer(path, tail)}
        return found.pop() if len(found) == 1 else None

    def declares(self, specifier: str, importer: str) -> bool:
        """Whether an import means a file that declares types only."""
        path = normpath(join(dirname(importer), specifier)).removesuffix(".js")
        return any(f"{path}{ending}" in self._files for ending in (".d.ts", "/index.d.ts", ".ts.d.ts"))

    def at(self, path: str) -> str | None:
        """The file that a path stands for: itself, with an ending, or a directory's index."""
        path = self._own(path)
        if path in self._files and (is_source(path) or path.endswith(".json")):
            return path
        for ending in ENDINGS:
            if path + ending in self._files:
                return path + ending
        for written, others in _WRITTEN_AS.items():
            if path.endswith(written):
                for other in others:
                    if path.removesuffix(written) + other in self._files:
                        return path.removesuffix(written) + other
        if f"{path}.json" in self._files:
            return f"{path}.json"
        inside = "" if path == "." else f"{path}/"
        for ending in ENDINGS:
            if f"{inside}index{ending}" in self._files:
                return f"{inside}index{ending}"
        main = (
            self._json(f"{inside}package.json").get("main") if f"{inside}package.json" in self._files else None
        )
        if isinstance(main, str) and normpath(f"{inside}{main}") != path:
            found = normpath(f"{inside}{main}")
            return found if is_source(found) and found in self._files else None
        return None

    def _own(self, path: str) -> str:
        """A path that leaves the function's directory and comes back, without this."""
        home = self._files.home.split("/") if self._files.home else []
        parts = path.split("/")
        up = next((at for at, one in enumerate(parts) if one != ".."), len(parts))
        way = home[len(home) - up :] if 0 < up <= len(home) else []
        return "/".join(parts[2 * up :]) or "." if way and parts[up : 2 * up] == way else path

    def like(self, start: str, end: str, importer: str) -> list[str]:
        """The files whose path begins and ends so, for an import of a computed path."""
        if not start.startswith(("./", "../")):
            return []
        base = normpath(join(dirname(importer), start + "x"))[:-1].removeprefix("./")
        pattern = re.compile(rf"{re.escape(base)}[^/]+(?:/[^/]+)?{re.escape(end)}")
        out: list[str] = []
        for path in self._files:
            stem = path.rpartition(".")[0]
            if is_source(path) and (pattern.fullmatch(path) or pattern.fullmatch(stem)):
                out.append(path)
        return out

    def matching(self, pattern: str, importer: str) -> list[str]:
        """The source files of a pattern of paths, which is a file's own or begins where the program does."""
        home = dirname(importer)
        for base in (home, "") if pattern.startswith(("./", "../")) else ("", home):
            path = normpath(join(base, pattern))
            wanted = _matching("" if path == "." else path)
            found = [one for one in self._files if is_source(one) and one != importer and wanted.fullmatch(one)]
            if found:
                return sorted(found)
        return []

    # ------------------------------------------------------------------------------- configuration

    def _json(self, path: str) -> dict[str, Any]:
        try:
            return settings(self._files.read(path).data)
        except Unreadable:
            return {}

    def _text(self, path: str) -> str:
        try:
            return self._files.read(path).data.decode(errors="replace")
        except Unreadable:
            return ""

    @cached_property
    def packages(self) -> dict[str, str]:
        """The packages that are parts of the function's own source, by name, with their directories."""
        return self._named(self._files)

    @cached_property
    def _packages_beside(self) -> dict[str, str]:
        """The packages of the same repository that are not, and those that a path is given for."""
        out: dict[str, str] = {}
        if not self._beside:
            return out
        for path in (*self._files, *sorted(self._beside)):
            for name, version in self._needed(path):
                folder = normpath(join(dirname(path), version.partition(":")[2]))
                if version.startswith(PATHS) and any(one.startswith(f"{folder}/") for one in self._beside):
                    out.setdefault(name, folder)
        return {**self._named(sorted(self._beside)), **out}

    def _named(self, paths: Iterable[str]) -> dict[str, str]:
        out: dict[str, str] = {}
        for path in paths:
            if basename(path) == "package.json":
                name = self._json(path).get("name")
                if isinstance(name, str) and name:
                    out.setdefault(name, dirname(path))
        return out

    def is_part(self, name: str) -> bool:
        """Whether a package is one of the same repository."""
        return name in self.packages or name in self._packages_beside

    def _home(self, name: str) -> str | None:
        """The directory of a package of the same repository."""
        return self.packages.get(name) or self._packages_beside.get(name)

    def _needed(self, path: str) -> Iterator[tuple[str, str]]:
        """What a file says is needed, with the versions, if it is a ``package.json``."""
        if basename(path) != "package.json":
            return
        for kind in ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies"):
            needed = self._json(path).get(kind)
            if isinstance(needed, dict):
                yield from ((str(name), str(version)) for name, version in needed.items())

    @cached_property
    def dependencies(self) -> dict[str, str]:
        """What the function's ``package.json`` files say they need, with the versions; then those beside it."""
        out: dict[str, str] = {}
        for path in (*sorted(self._beside), *self._files):
            out.update(self._needed(path))
        return out

    @cached_property
    def locked(self) -> Locked:
        """What the function's lock files have, and those above it."""
        paths = [one for one in (*self._files, *sorted(self._beside)) if basename(one) in LOCKS]
        return Locked((basename(one), self._text(one)) for one in paths)

    @cached_property
    def _aliases(self) -> list[tuple[str, str]]:
        """Patterns in ``tsconfig.json`` (``paths``) and ``package.json`` (``imports``), each with a target."""
        return self._patterns(self._files)

    @cached_property
    def _aliases_beside(self) -> dict[str, list[tuple[str, str]]]:
        """The same of the files beside, by the directories that they are in."""
        paths: dict[str, list[str]] = {}
        for path in sorted(self._beside):
            if path.endswith(".json") or IS_SERVICE.fullmatch(basename(path)):
                paths.setdefault(dirname(path), []).append(path)
        return {folder: found for folder, files in paths.items() if (found := self._patterns(files))}

    def _aliases_of(self, importer: str) -> Iterator[tuple[str, str]]:
        """What a file may call by other names, the nearest settings first."""
        inside = importer in self._beside
        if not inside:
            yield from self._aliases
        folder = dirname(importer) if inside else ""
        around = [one for one in self._aliases_beside if _is_around(one, folder)]
        for one in sorted(around, key=_height):
            yield from self._aliases_beside[one]
        if inside:
            yield from self._aliases

    def _patterns(self, files: Iterable[str]) -> list[tuple[str, str]]:
        return [one for path in files for one in self._patterns_in(path)]

    def _patterns_in(self, path: str) -> Iterator[tuple[str, str]]:
        name = basename(path)
        if IS_SETTINGS.fullmatch(name):
            yield from aliases(path, self._json, self._home)
        elif IS_SERVICE.fullmatch(name):
            yield from of_service(path, self._text(path))
        elif name == "package.json":
            yield from of_modules(path, self._json(path))
            imports = self._json(path).get("imports")
            for pattern, target in imports.items() if isinstance(imports, dict) else ():
                if isinstance(target, dict):
                    target = target.get("default") or target.get("import") or target.get("node")
                if isinstance(target, str):
                    yield str(pattern), normpath(join(dirname(path), target))

    def _mapped(self, specifier: str, importer: str) -> Iterator[str]:
        for pattern, target in self._aliases_of(importer):
            before, star, after = pattern.partition("*")
            if not star:
                if specifier == pattern:
                    yield target
            elif (
                specifier.startswith(before)
                and specifier.endswith(after)
                and (before or after or "." in target)
            ):
                middle = specifier[len(before) : len(specifier) - len(after) or None]
                yield normpath(target.replace("*", middle))
            elif pattern == "*":
                yield normpath(target.replace("*", specifier))
        name = package_name(specifier)
        folder = self.packages.get(name)
        if folder is not None:
            rest = specifier[len(name) :].lstrip("/")
            if rest:
                yield normpath(join(folder, rest))
                yield normpath(join(folder, "src", rest))
            else:
                for inside in ("src", "src/main", "lib", ""):
                    yield normpath(join(folder, inside))
            return
        folder = self._packages_beside.get(name)
        if folder is not None:
            for path in exported(self._json(f"{folder}/package.json"), specifier[len(name) :].strip("/")):
                yield normpath(join(folder, path))


def _ends(path: str) -> set[str]:
    """The files that a path without an ending may stand for."""
    return {f"{path}{index}{ending}" for ending in ENDINGS for index in ("", "/index")}


def _is_around(folder: str, inner: str) -> bool:
    """Whether one directory is another or is above it; both may begin above the function's own."""
    if _height(folder)[0]:
        return inner.split("/").count("..") <= folder.count("..")
    return inner == folder or inner.startswith(f"{folder}/")


def _height(folder: str) -> tuple[bool, int, int]:
    """Orders the directories around a file, the nearest first and those above the function last."""
    above = set(folder.split("/")) == {".."}
    return above, folder.count("..") if above else 0, -len(folder)


def package_name(specifier: str) -> str:
    """The package of ``@scope/name/path`` or ``name/path``."""
    parts = specifier.split("/")
    return "/".join(parts[:2]) if specifier.startswith("@") else parts[0]


def _matching(pattern: str) -> re.Pattern[str]:
    """A pattern of paths as one of texts. A directory stands for all that is in it.

    What it says of a source file's ending is left open, since it is of the program as it is built.
    """
    pattern = re.sub(r"(^|/)(\./)+", r"\1", pattern).strip("/")
    whole = _ENDING.sub("", pattern)
    if whole == pattern and not pattern.endswith("*"):
        whole = f"{pattern}/**/*" if pattern else "**/*"
    out = ""
    for part in re.findall(r"\*\*/|\*+|\?|\{[^{}]*\}|[^*?{]+|.", whole):
        if part == "**/":
            out += "(?:.*/)?"
        elif part.startswith("*"):
            out += "[^/]*" if len(part) == 1 else ".*"
        elif part.startswith("{") and part.endswith("}"):
            out += f"(?:{'|'.join(map(re.escape, part[1:-1].split(',')))})"
        else:
            out += "[^/]" if part == "?" else re.escape(part)
    return re.compile(rf"{out}\.[cm]?[jt]sx?")
