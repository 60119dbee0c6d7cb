"""Modules: where a name leads to a file, what is vendored there, and what a file's own statements make."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cached_property
from posixpath import dirname
from typing import Any, Final, TypeVar

from stockade.code.facts import Note
from stockade.code.files import LAYERS
from stockade.code.python import known
from stockade.code.python.machine import Machine
from stockade.code.python.runs import share
from stockade.code.python.spelling import respelled
from stockade.code.python.values import (
    NOTHING_KNOWN,
    Abstract,
    Arguments,
    External,
    Frame,
    Made,
    Module,
    Site,
)
from stockade.patterns import lazy_regex
from stockade.read.files import Unreadable
from stockade.source import Source, Span
from stockade.value import Written

T = TypeVar("T")

_LINE_END = lazy_regex(rb"\r\n|\r|\n")
_INFO = lazy_regex(r"((?:^|.*/))([^/]+)\.(?:dist-info|egg-info)(?:/|$)")
_SITE_PACKAGES = lazy_regex(r"/opt/python/lib/python3\.\d+/site-packages/")
_SDK = lazy_regex(rb"\b(?:aio)?boto(?:3|core)\b")
_PROJECT = ("pyproject.toml", "setup.py", "setup.cfg")
_OURS = f"{sys.version_info.major}.{sys.version_info.minor}"
"""Source is read as the Python reads it that runs us; what a newer one adds is told as what it cannot read."""
LARGE = 2_000_000
"""A file of source of more bytes is not hand-written, and not parsed."""


class Loading(Machine):
    """Finds, parses and runs modules; each once."""

    base = ""
    """The directory of the handler's file: where its neighbours are found if the root has none of the name."""

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """Where imports are looked for, in order: the function's root, layers, the handler's directory."""
        layers = {match.group() for path in self.files if (match := _SITE_PACKAGES.match(path))}
        found = ["", f"{LAYERS}python/", *sorted(layers)]
        if any(one in self.files for one in _PROJECT):
            found.append("src/")  # where a project that is installed has its packages
        if self.base:
            found.append(self.base + "/")
        for path in self.files.beside:  # what the program is installed with by its path
            home, _, name = path.rpartition("/")
            if name in _PROJECT and f"{home}/" not in found:
                found += (f"{home}/", f"{home}/src/")
        found.append(LAYERS)  # of a layer's source without `python/`, which `sam build` puts around it
        return tuple(found)

    @cached_property
    def vendored(self) -> dict[str, str]:
        """Packages from elsewhere that lie among the files: each name with the directory it lies in."""
        return self._of_files("vendored", self._vendored)

    def _of_files(self, what: str, look: Callable[[], T]) -> T:
        """What all files say together: looked for once, also for other functions that share them."""
        kept = self.files.kept
        key = f"python {what}", ""
        if key not in kept:
            kept[key] = look()
        found: T = kept[key]
        return found

    def _vendored(self) -> dict[str, str]:
        found: dict[str, str] = {}
        roots: set[str] = set()
        for path in self.files:
            match = _INFO.match(path)
            if match and not self._own(path, match.group(1)):
                roots.add(match.group(1))
                found.setdefault(match.group(2).partition("-")[0].lower().replace("-", "_"), match.group(1))
                if path.endswith("/top_level.txt"):
                    found.update((name, match.group(1)) for name in self._lines(path) if name.isidentifier())
        installed = set(roots)
        seen: set[str] = set()
        for path in self.files:
            folder, _, rest = path.rpartition("site-packages/")
            if folder:
                roots.add(path[: len(path) - len(rest)])
            name = path.partition("/")[0]
            if "/" in path and name not in seen:
                seen.add(name)
                if (known.harmless(name) or known.able(name)) and f"{name}/__init__.py" in self.files:
                    # The project may have a folder of some package's name: what is released says its version.
                    if known.able(name) or self._released(name):
                        found.setdefault(name, "")
        for root in roots:
            size = len(root)
            for path in self.files:
                if path.startswith(root) and root:
                    top = path[size:].partition("/")[0].removesuffix(".py")
                    # A single file (of a layer, say) where nothing was installed is the project's own.
                    own = root not in installed and path == f"{root}{top}.py"
                    if known.harmless(top) or known.able(top) or ("site-packages/" in root and not own):
                        found.setdefault(top, root)
        return found

    def _own(self, path: str, folder: str) -> bool:
        """Whether what is installed is the project itself, which is being worked on."""
        if ".egg-info" not in path:
            return False
        folders = {folder, folder.removesuffix("src/")}
        return any(f"{one}{name}" in self.files for one in folders for name in _PROJECT)

    def _released(self, name: str) -> bool:
        """Whether a folder is a package that somebody released, and not the project's own of the same name."""
        if f"{name}/__version__.py" in self.files or f"{name}/py.typed" in self.files:
            return True
        try:
            return b"__version__" in self.files.read(f"{name}/__init__.py").data
        except Unreadable:
            return False

    def _lines(self, path: str) -> list[str]:
        try:
            return self.files.read(path).data.decode("utf-8", "replace").split()
        except Unreadable:
            return []

    def module_path(self, name: str) -> str | None:
        """The file of a module, by its full name."""
        inside = name.replace(".", "/")
        for root in self.roots:
            for path in (f"{root}{inside}/__init__.py", f"{root}{inside}.py"):
                if path in self.files:
                    return path
        return None

    def is_folder(self, name: str) -> bool:
        """Whether a name is a directory of modules without a file of its own."""
        inside = name.replace(".", "/")
        return any(root + inside in self._folders for root in self.roots)

    @cached_property
    def _folders(self) -> set[str]:
        return self._of_files("folders", self._with_source)

    def _with_source(self) -> set[str]:
        found: set[str] = set()
        for path in (*self.files, *self.files.beside):
            if path.endswith(".py"):
                folder = dirname(path)
                while folder and folder not in found:
                    found.add(folder)
                    folder = dirname(folder)
        return found

    def named_module(self, name: str) -> Abstract:
        top = name.partition(".")[0]
        if top in self.vendored:
            self._skip(top)
            return External(name)
        path = self.module_path(name)
        if path is not None:
            found = self.load(name, path)
            return found if found is not None else NOTHING_KNOWN
        if "." not in name and not known.standard(name) and self.is_folder(name):
            return self._folder(name)
        if "." in name and self.is_folder(name):
            return self._folder(name)
        return External(name)

    def _folder(self, name: str) -> Module:
        found = self.modules.get(name)
        if found is None:
            source = Source(name, b"")
            found = self.modules[name] = Module(name, source, ast.Module([], []), [0], True)
            _give_path(found)
        return found

    def _skip(self, top: str) -> None:
        if top not in self.notes:
            root = self.vendored[top]
            path = next(
                (one for one in self.files if one.startswith((f"{root}{top}/", f"{root}{top}.py"))), None
            )
            if path is not None and not known.standard(top):
                origin = Written(Span(Source(path, b""), 0, 0))
                self.notes[top] = Note(
                    f"`{top}`", "it is a package from elsewhere that lies with the source", origin
                )

    def calls_aws(self, top: str) -> bool | None:
        """Whether a package from elsewhere mentions the SDK; ``None`` where its files are not here."""
        root = self.vendored.get(top)
        if root is None:
            return None
        paths = [
            one
            for one in self.files
            if one.startswith((f"{root}{top}/", f"{root}{top}.py")) and one.endswith(".py")
        ]
        for path in paths[:300]:
            try:
                if _SDK.search(self.files.read(path).data):
                    return True
            except Unreadable:
                return None
        return False if paths and len(paths) <= 300 else None

    def load(self, name: str, path: str) -> Module | None:
        """The module of a file, run; ``None`` where it cannot be read, which is then told."""
        if path in self.modules:
            return self.modules[path]
        module = self._parse(name, path)
        self.modules[path] = module
        if module is not None:
            if module.package:
                _give_path(module)
            self._run(module)
        return module

    def _parse(self, name: str, path: str) -> Module | None:
        kept = self.files.kept.get(("python", path))
        if kept is not None:
            source, tree, starts, stored = kept
            self.read.append(source.path)
            return Module(name, source, tree, starts, _is_package(path), stored=stored)
        try:
            source = self.files.read(path)
        except Unreadable as error:
            nowhere = Site(Source(path, b""), 0, 0)
            self.unfollow(nowhere, f"`{path}`", f"it was not read: {error.message}")
            return None
        self.read.append(source.path)
        if len(source.data) > LARGE:
            self.unfollow(Site(source, 0, 0), f"`{source.path}`", f"it has {len(source.data):,} bytes")
            return None
        starts = _starts(source.data)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore"
                )  # what the parser thinks of a stranger's escapes is not our output
                tree, parsed = _tree(source.data, path)
        except SyntaxError as error:
            line = min(max(error.lineno or 1, 1), len(starts) - 1)
            place = Site(source, starts[line - 1], starts[line - 1])
            self.unfollow(
                place, f"`{source.path}`", f"it is not Python {_OURS} or older: {error.msg} in line {line}"
            )
            return None
        except (ValueError, RecursionError, MemoryError) as error:
            # The parser's own words for a null byte, and its limits on nesting.
            why = f"{error}" or "it is nested too deeply"
            self.unfollow(Site(source, 0, 0), f"`{source.path}`", f"Python's parser gives up on it: {why}")
            return None
        if parsed is not source.data:
            starts = _starts(parsed)
        stored = frozenset(_stored(tree))
        self.files.kept["python", path] = source, tree, starts, stored
        return Module(name, source, tree, starts, _is_package(path), stored=stored)

    def _run(self, module: Module) -> None:
        if b"global" in module.source.data:
            module.changed = {
                name for node in ast.walk(module.tree) if isinstance(node, ast.Global) for name in node.names
            }
        module.loading = True
        frame = Frame(module, module.globals)
        way, self.way = self.way, []
        try:
            with self.under(every=False):
                self.execute(module.tree.body, frame)
        except RecursionError:
            # Python's own limit, met in a file that nests its statements very deeply: the others go on.
            self.unfollow(Site(module.source, 0, 0), f"`{module.source.path}`", "it is nested too deeply")
        self.way = way
        module.loading = False
        share(module.globals.values())
        self.forget()

    # ------------------------------------------------------------------------------------------- imports

    def import_name(self, name: str) -> Abstract:
        """``import a.b.c``: runs each, gives the last."""
        parts = name.split(".")
        found: Abstract = NOTHING_KNOWN
        above: Abstract | None = None
        for at in range(1, len(parts) + 1):
            found = self.named_module(".".join(parts[:at]))
            if isinstance(above, Module) and isinstance(found, Module):
                above.globals.setdefault(parts[at - 1], found)
            above = found
        return found

    def relative(self, module: Module, level: int, name: str) -> str | None:
        """The full name of ``from ..name import``; ``None`` where it leads outside."""
        parts = module.name.split(".") if module.name else []
        if not module.package:
            parts = parts[:-1]
        up = level - 1
        if up > len(parts):
            return None
        base = parts[: len(parts) - up] if up else parts
        return ".".join([*base, *(name.split(".") if name else [])])


def _starts(data: bytes) -> list[int]:
    """Where the lines of a file start, and where the last one ends."""
    first = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    return [first, *(match.end() for match in _LINE_END.finditer(data)), len(data)]


def _tree(data: bytes, path: str) -> tuple[ast.Module, bytes]:
    """The syntax of a file, and what was parsed: what another Python spells differently is in our spelling."""
    try:
        return ast.parse(data, path), data
    except SyntaxError:
        again = respelled(data)
        if again is None:
            raise
        try:
            return ast.parse(again, path), again
        except SyntaxError:
            pass  # what is told is what the parser said of the file itself
        raise


def _give_path(module: Module) -> None:
    """A package's path, by which a program looks for the modules in it."""
    module.globals["__path__"] = Made(f"{module.name}.__path__", Arguments([module]))


def _is_package(path: str) -> bool:
    return path.endswith("/__init__.py") or path == "__init__.py"


def _stored(tree: ast.Module) -> Iterator[str]:
    """The attributes that statements assign, in any function but ``__init__``."""
    waiting: list[Any] = [*tree.body]
    while waiting:
        one = waiting.pop()
        kind = type(one)
        if kind is ast.FunctionDef and one.name == "__init__":
            continue
        target = _TARGET.get(kind)
        if target is not None:
            yield from _attributes(getattr(one, target))
        for field in _BELOW.get(kind, ()):
            waiting += getattr(one, field)


def _attributes(target: Any) -> Iterator[str]:
    """The attributes among what is assigned to: of several targets each, of ``a.b.c`` the last."""
    match target:
        case ast.Attribute(_, name):
            yield name
        case list():
            for one in target:
                if type(one) is not ast.Name:
                    yield from _attributes(one)
        case ast.Tuple(parts) | ast.List(parts):
            yield from _attributes(parts)
        case ast.Starred(inner) | ast.withitem(_, inner):
            yield from _attributes(inner)


_TARGET: Final[dict[type, str]] = {
    ast.AnnAssign: "target",
    ast.Assign: "targets",
    ast.AsyncFor: "target",
    ast.AsyncWith: "items",
    ast.AugAssign: "target",
    ast.Delete: "targets",
    ast.For: "target",
    ast.With: "items",
}
"""Where a statement has what it assigns to."""

_BELOW: Final[dict[type, tuple[str, ...]]] = {
    ast.AsyncFor: ("body", "orelse"),
    ast.AsyncFunctionDef: ("body",),
    ast.AsyncWith: ("body",),
    ast.ClassDef: ("body",),
    ast.ExceptHandler: ("body",),
    ast.For: ("body", "orelse"),
    ast.FunctionDef: ("body",),
    ast.If: ("body", "orelse"),
    ast.Match: ("cases",),
    ast.Try: ("body", "orelse", "finalbody", "handlers"),
    ast.TryStar: ("body", "orelse", "finalbody", "handlers"),
    ast.While: ("body", "orelse"),
    ast.With: ("body",),
    ast.match_case: ("body",),
}
"""Where a statement has the statements that stand in it."""
