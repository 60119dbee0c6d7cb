"""Files and packages when they are imported: read once, run once, and what they export."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from stockade.code.files import LAYERS, Files
from stockade.code.javascript import libraries, sdk
from stockade.code.javascript.members import Members
from stockade.code.javascript.record import Recorder
from stockade.code.javascript.resolve import PATHS, Resolver, package_name
from stockade.code.javascript.statements import parse
from stockade.code.javascript.tree import Program
from stockade.code.javascript.values import (
    GLOBAL,
    Client,
    External,
    Frame,
    Helper,
    Listing,
    Literal,
    Native,
    Operation,
    Scope,
    Thing,
    Values,
    Words,
    join,
)
from stockade.model.imports import BUILT_IN
from stockade.patterns import lazy_regex
from stockade.read.files import Unreadable
from stockade.source import Source, Span

_DATA: Final = (
    *(".json", ".graphql", ".gql", ".txt", ".sql", ".yaml", ".yml", ".toml", ".csv", ".xml", ".md", ".mdx"),
    *(".html", ".htm", ".hbs", ".handlebars", ".mustache", ".ejs", ".pug", ".njk", ".liquid", ".mjml", ".tpl"),
    *(".css", ".scss", ".sass", ".less", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico"),
    *(".ttf", ".otf", ".woff", ".woff2", ".pdf", ".pem", ".crt", ".key", ".proto", ".prisma"),
)
"""Endings of files that hold data, and of templates."""

LARGE: Final = 1_000_000
"""Source of more bytes than this is a bundle, unless its lines are as short as those that people write."""

_LARGEST: Final = 4_000_000
"""Source of more bytes than this is not read at all."""

_HAND_LINES: Final = 80
_HAND_LONGEST: Final = 1_000
"""Bytes of a line, on average and at most, of a large file that somebody wrote."""

_LONG_LINES: Final = 500
"""Bytes a line, on average, from which on a file counts as minified."""

_BUNDLED: Final = lazy_regex(
    rb"__(?:webpack|nccwpck)_require__|/\*! For license information|^//#region node_modules|^// node_modules/",
    re.MULTILINE,
)
_OWN_BUNDLE: Final = 150_000
"""A bundle of fewer bytes holds little but the function itself, and can be read."""

_STEPS_A_LINE: Final = 3
"""How many more steps an analysis may take for each line of a large file."""


class Module:
    """One file: ``exports`` is what ``exports`` and ES exports write to, ``itself`` is ``module``."""

    def __init__(self, path: str, at: Span) -> None:
        self.path = path
        self.exports = Thing(at, kind="module")
        self.itself = Thing(at)
        self.itself.table["exports"] = (self.exports,)

    @property
    def value(self) -> Values:
        """What ``require`` gives."""
        found: Values = self.itself.table["exports"]
        return found


class Loading(Members):
    """``Members`` with files and packages."""

    def __init__(self, files: Files, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.files = files
        kept = files.kept.setdefault(("javascript", ""), Resolver(files))
        self.resolver: Resolver = kept  # functions that share their files ask for the same modules
        self.modules: dict[str, Module | None] = {}
        self._by_source: dict[int, Module] = {}
        self.scopes: list[Scope] = []
        self._told: set[str] = set()
        self._starring: set[tuple[int, str]] = set()  # names that are looked for behind `export *` just now

    # ------------------------------------------------------------------------------------- files

    def module(self, path: str, at: Span | None = None) -> Module | None:
        """The file at a path, run if it was not yet; ``None`` where it is not read, which is then told."""
        if path in self.modules:
            return self.modules[path]
        self.modules[path] = None
        try:
            source = self.files.read(path)
        except Unreadable as error:
            where = at or Span(Source(path, b""), 0, 0)
            self.recorder.unfollowed(f"`{path}`", str(error), where, reached=self.reached)
            return None
        start = Span(source, 0, 0)
        made = Module(path, start)
        self.modules[path] = made
        self._by_source[id(source)] = made
        self.recorder.files[path] = None
        if path.endswith(".json"):
            made.itself.table["exports"] = self._data(source)
            return made
        reason = unreadable(source)
        if reason:
            self.recorder.unfollowed(f"`{path}`", reason, start, reached=self.reached)
            made.exports.open = True
            return made
        if len(source.data) > LARGE:
            self.left += _STEPS_A_LINE * source.line_count
        try:
            program = self._parsed(source, path)
        except RecursionError:
            self.recorder.unfollowed(f"`{path}`", "it is nested too deeply", start, reached=self.reached)
            made.exports.open = True
            return made
        for span in program.broken:
            reason = "it is not valid JavaScript here, and what it does is not known"
            self.recorder.unfollowed(f"`{path}`", reason, span, reached=self.reached)
        self._run_file(program.body, made, start)
        return made

    def _parsed(self, source: Source, path: str) -> Program:
        """A file's tree, which functions that share the file share as well."""
        kept = self.files.kept.get(("javascript", path))
        if kept is None or kept[0] is not source:
            kept = self.files.kept["javascript", path] = source, parse(source, path)
        program: Program = kept[1]
        return program

    def _run_file(self, body: tuple[Any, ...], module: Module, at: Span) -> None:
        scope = Scope(None, self.now, local=False)
        self.scopes.append(scope)

        scope.table.update(
            {
                "exports": (module.exports,),
                "module": (module.itself,),
                "require": (self._require(module),),
                "__dirname": (Literal(".", at),),  # as an import of this file's would have it
                "__filename": self.unknown("it is a file's path", at),
            }
        )
        every, self.every = self.every, False
        depth, self.depth = self.depth, 0
        stack, self.stack = self.stack, []
        try:
            self.run_block(body, Frame(scope, (module.exports,), module))
        finally:
            self.every, self.depth, self.stack = every, depth, stack

    def _require(self, module: Module) -> Native:
        def require(_: Any, this: Values, arguments: list[Values], where: Span) -> Values:
            return self.required(arguments[0] if arguments else (), module, where)

        return Native("require", require)

    def call_external(
        self, atom: Operation | External | Client | Helper, arguments: list[Values], at: Span
    ) -> Values:
        if isinstance(atom, External) and (atom.module, atom.path) == ("module", ("createRequire",)):
            module = self._by_source.get(id(at.source))
            return (self._require(module),) if module is not None else self.unknown("it loads modules", at)
        return super().call_external(atom, arguments, at)

    def _data(self, source: Source) -> Values:
        """A JSON file's contents."""
        at = Span(source, 0, len(source.data))
        try:
            read = json.loads(source.data.decode("utf-8-sig", "replace"))
        except (ValueError, RecursionError):
            return self.unknown("it is no valid JSON", at)

        def value(one: Any, depth: int) -> Values:
            if depth > 12:
                return self.unknown("it is nested deeply", at)
            if isinstance(one, dict):
                made = Thing(at)
                made.table.update({str(key): value(inner, depth + 1) for key, inner in one.items()})
                return (made,)
            if isinstance(one, list):
                return (Listing(at, [value(inner, depth + 1) for inner in one[:1000]]),)
            return (Literal(one, at),)

        return value(read, 0)

    # ----------------------------------------------------------------------------------- imports

    def required(self, specifier: Values, module: Module, at: Span) -> Values:
        """``require(specifier)``"""
        out: list[Values] = []
        for atom in specifier:
            if isinstance(atom, Literal) and isinstance(atom.value, str):
                out.append(self.imported(atom.value, "*", module, at))
            else:
                out.append(self.load_computed(atom, module, at))
        return join(*out)

    def load_computed(self, specifier: Any, module: Any, at: Span) -> Values:
        if isinstance(specifier, Words):
            parts = specifier.text.parts
            start = parts[0] if isinstance(parts[0], str) else ""
            end = parts[-1] if isinstance(parts[-1], str) and len(parts) > 1 else ""
            found = self.resolver.like(start, end, module.path)
            if found:
                loaded = [self.module(path, at) for path in found[:64]]
                return join(*(one.value for one in loaded if one is not None))
        self.recorder.unfollowed("an import", "which module it loads is not known", at, reached=self.reached)
        return self.unknown("it is from a module that is not known", at)

    def matching(self, pattern: str, at: Span) -> list[tuple[str, Values]]:
        module = self._by_source.get(id(at.source))
        found = self.resolver.matching(pattern, module.path) if module is not None else []
        loaded = [(path, self.module(path, at)) for path in found[:64]]
        return [(path, one.value) for path, one in loaded if one is not None]

    def load(self, specifier: str, module: Any, at: Span) -> Values | None:
        path = self.resolver.file(specifier, module.path)
        if path is not None:
            found = self.module(path, at)
            return found.value if found is not None else None
        if not self._outside(specifier, module, at):
            return None
        return (outside(specifier),)

    def imported(self, specifier: str, name: str, module: Any, at: Span) -> Values:
        path = self.resolver.file(specifier, module.path)
        if path is None:
            if not self._outside(specifier, module, at):
                return self.unknown(f"`{specifier}` was not found", at)
            return self._exported(specifier, name, at)
        found = self.module(path, at)
        if found is None:
            return () if name.startswith("?") else self.unknown(f"`{path}` was not read", at)
        exports = found.exports
        if name in ("*", "="):
            return found.value
        if name == "default":
            if "default" in exports.table or "default" in exports.getters:
                return self.get((exports,), "default", at)
            return found.value
        if name.startswith("?"):
            return self._starred(found.value, name[1:], at)
        return self.get(found.value, name, at)

    def imported_type(self, specifier: str, name: str, module: Any, at: Span) -> Values:
        """What types alone are imported for: nothing is lost where it is not there."""
        if self.resolver.file(specifier, module.path) is not None:
            return self.imported(specifier, name, module, at)
        return self._exported(specifier, name, at)

    def _exported(self, specifier: str, name: str, at: Span) -> Values:
        """What a package has under a name."""
        whole = outside(specifier)
        if name.startswith("?"):
            return self.get((whole,), name[1:], at)
        if name in ("*", "=", "default"):
            return (whole,)
        if whole.module == GLOBAL:
            return self.get((whole,), name, at)
        return libraries.exported(self, External(whole.module, (name,)), at)

    def _starred(self, exports: Values, wanted: str, at: Span) -> Values:
        """What a module has under a name that is asked for through ``export *``; nothing where it has none."""
        for atom in exports:
            if not isinstance(atom, Thing):
                continue
            if wanted in atom.table or wanted in atom.getters or atom.open:
                return self.get((atom,), wanted, at)
            asked = (id(atom), wanted)
            if asked in self._starring:
                continue  # files that hand on each other's exports go round in a circle
            self._starring.add(asked)
            try:
                for star in atom.stars:
                    if value := star(wanted):
                        return value
            finally:
                self._starring.discard(asked)
        return ()

    def _outside(self, specifier: str, module: Module, at: Span) -> bool:
        """Tell what there is to tell of an import that is no file of the function; whether it is a package."""
        if specifier.startswith(("./", "../", "/")) or specifier in (".", ".."):
            if self.resolver.declares(specifier, module.path):
                return False
            if specifier.partition("?")[0].endswith(_DATA):  # `./page.hbs?raw` tells a bundler how
                self.recorder.note(
                    f"`{specifier}`", "it is not among the function's files, and calls nothing", at
                )
                return False
            where = "in the function's layers" if specifier.startswith(LAYERS) else "among the function's files"
            self.recorder.unfollowed(f"`{specifier}`", f"it is not {where}", at, reached=self.reached)
            return False
        name = specifier if libraries.has_a_row(specifier) else package_name(specifier.removeprefix("node:"))
        if name in self._told or specifier.startswith("node:") or name in BUILT_IN:
            return True
        self._told.add(name)
        if sdk.is_version_2(name) or name.startswith("@aws-sdk/"):
            return True
        libraries.loaded(self, name, at)
        version = self.resolver.dependencies.get(name, "")
        part = self.resolver.is_part(name) and not libraries.is_known(name)
        if part or version.startswith(("workspace:", *PATHS)):
            reason = "it is a part of this project that is not among the function's files"
            self.recorder.unfollowed(f"the package `{name}`", reason, at, reached=self.reached)
        elif name.startswith(("@/", "~", "#", "$")) or (not version and _is_own(specifier, name)):
            reason = "it is not among the function's files"
            self.recorder.unfollowed(f"`{specifier}`", reason, at, reached=self.reached)
        elif not libraries.is_known(name):
            self._unread(name, bool(version), at)
        return True

    def _unread(self, name: str, is_wanted: bool, at: Span) -> None:
        """Tell of a package that nobody here knows, by what lock files say of it."""
        what = f"the package `{name}`"
        if not is_wanted and self.resolver.dependencies and name[0] != "." and name not in self.resolver.locked:
            reason = "neither the function's files nor its dependencies have it; a layer may"
            self.recorder.unfollowed(what, reason, at, reached=self.reached)
            return
        services = _services(self.resolver.locked.sdk(name))
        for service in services:
            reason = "it comes with the AWS SDK, and its source was not read"
            self.recorder.unfollowed(what, reason, at, service, self.reached)
        if not services:
            reason = "its source was not read; it is taken to make no client of AWS by itself"
            self.recorder.note(what, reason, at)


def _services(packages: list[str]) -> list[str]:
    """The services that packages of the SDK can call; an empty name where that may be any."""
    found = {service.name if (service := sdk.service_of(_CLIENT_OF.get(one, one))) else "" for one in packages}
    return [""] if "" in found else sorted(found)


_CLIENT_OF: Final = {
    "@aws-sdk/lib-dynamodb": "@aws-sdk/client-dynamodb",
    "@aws-sdk/lib-storage": "@aws-sdk/client-s3",
}
"""The clients that packages beside them are for."""

_FOLDERS: Final = frozenset(
    (
        *(
            "src",
            "lib",
            "libs",
            "utils",
            "util",
            "services",
            "service",
            "common",
            "shared",
            "app",
            "core",
            "layers",
        ),
        *(
            "config",
            "errors",
            "models",
            "types",
            "handlers",
            "repositories",
            "clients",
            "helpers",
            "middleware",
        ),
        *(
            "middlewares",
            "domain",
            "adapters",
            "infrastructure",
            "functions",
            "entities",
            "use-cases",
            "usecases",
        ),
    )
)
"""What programs call directories of theirs, and no package is called."""


def _is_own(specifier: str, name: str) -> bool:
    """Whether an import means a directory of the program, by what it is called."""
    return "/" in specifier and name.partition("/")[0].removeprefix("@") in _FOLDERS


def outside(specifier: str) -> External:
    """What is imported from elsewhere: a package, or a global that has a module of its name."""
    name = specifier.removeprefix("node:")
    return External(GLOBAL, (name,)) if name == "process" else External(name)


def unreadable(source: Source) -> str:
    """Why a file is not source that somebody wrote; empty where it is."""
    data = source.data
    if len(data) > (_LARGEST if _is_by_hand(source) else LARGE):
        return f"it has {len(data):,} bytes: a bundle, which is not read"
    if len(data) > 5000 and len(data) / max(source.line_count, 1) > _LONG_LINES:
        return "it is minified, and not read"
    if len(data) > _OWN_BUNDLE and _BUNDLED.search(data):
        return "it is a bundle with its dependencies in it, and not read"
    return ""


def _is_by_hand(source: Source) -> bool:
    """Whether a large file has the lines of one that somebody wrote, and nothing of a bundler's."""
    data = source.data
    if len(data) / max(source.line_count, 1) > _HAND_LINES or _BUNDLED.search(data):
        return False
    return max(map(len, data.split(b"\n"))) <= _HAND_LONGEST
