"""Which files bundlers begin with, by `package.json` and by their own settings, where those are written out.

Settings of bundlers are programs. What is read of them are the literals that stand after the one key that says
it (`entry`, `entryPoints`, `input`): a text, a list of them, an object of names and texts, with or without
`path.join(__dirname, …)`. Of a program that says it in another way, by a variable or a pattern, nothing is
claimed, and then nothing of the whole package either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from stockade.patterns import lazy_regex
from stockade.records import dataclass

SETTINGS: Final = lazy_regex(
    r"(?:(?:webpack|rollup|rolldown|tsup|tsdown|vite)\.config|(?:esbuild|build|bundle)(?:[.-]config|[.-]script)?)"
    r"\.[cm]?[jt]s"
)
"""What files are called in which bundlers, and scripts that call them, have their settings."""
BEGINNING: Final = 100_000
"""Bytes of a program that are searched for what it begins with."""

_COMMAND: Final = lazy_regex(
    r"\b(?:ncc build|esbuild|tsup|bun build|parcel build|swc)\s+(?:-\S+\s+)*([\w./-]+\.[cm]?[jt]sx?)\b"
)
"""A bundler's command, with the file that it begins with."""
_SOURCE: Final = lazy_regex(r"[\w./@+-]+\.[cm]?[jt]sx?")
_TOKEN: Final = lazy_regex(
    r"""//[^\n]*|/\*.*?\*/|(?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)"""
    r"|(?P<name>[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)|(?P<mark>[^\s\w])|\S",
    re.DOTALL,
)
_KEYS: Final = frozenset(("entry", "entryPoints", "input"))
_JOINS: Final = frozenset(("path.join", "path.resolve", "join", "resolve"))
_HERE: Final = frozenset(("__dirname", "import.meta.dirname"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that a bundler begins with, seen from its settings; ``name`` is what they call it."""

    file: str
    name: str = ""


def commands(scripts: Any) -> Iterator[Entry]:
    """What the scripts of a `package.json` begin with."""
    lines = scripts.values() if isinstance(scripts, Mapping) else ()
    for line in lines:
        for file in _COMMAND.findall(line) if isinstance(line, str) else ():
            yield Entry(file)


def entries(program: str) -> list[Entry] | None:
    """What a program of settings begins with; ``None`` where it says so in a way that is not read."""
    tokens = list(_tokens(program))
    found: list[Entry] = []
    for at, (kind, text) in enumerate(tokens):
        if kind in ("name", "text") and text in _KEYS and _mark(tokens, at + 1) == ":":
            reader = _Literals(tokens, at + 2)
            made = reader.value()
            if made is None or reader.next_mark() not in (",", "}"):
                return None
            found += made
    return found


def _tokens(program: str) -> Iterator[tuple[str, str]]:
    for one in _TOKEN.finditer(program):
        kind = one.lastgroup
        if kind == "text":
            yield "text", one[0][1:-1]
        elif kind is not None:
            yield kind, one[0]
        elif not one[0].startswith(("//", "/*")):
            yield "other", one[0]


def _mark(tokens: list[tuple[str, str]], at: int) -> str:
    return tokens[at][1] if at < len(tokens) and tokens[at][0] == "mark" else ""


class _Literals:
    """Reads one value of a program, which has to be written out in full."""

    def __init__(self, tokens: list[tuple[str, str]], at: int) -> None:
        self._tokens = tokens
        self._at = at

    def next_mark(self) -> str:
        return _mark(self._tokens, self._at)

    def value(self, name: str = "") -> list[Entry] | None:
        """A text, or a list or an object of them; ``None`` where it is anything else."""
        if self.next_mark() == "[":
            return self._several("]", name)
        if self.next_mark() == "{" and not name:
            return self._several("}", name)
        file = self._file()
        return [Entry(file, name)] if file is not None else None

    def _several(self, end: str, name: str) -> list[Entry] | None:
        self._at += 1
        found: list[Entry] = []
        while self.next_mark() != end:
            own = self._key() if end == "}" else name
            made = self.value(own) if own is not None else None
            if made is None:
                return None
            found += made
            if self.next_mark() == ",":
                self._at += 1
            elif self.next_mark() != end:
                return None
        self._at += 1
        return found

    def _key(self) -> str | None:
        kind, text = self._taken()
        if kind not in ("name", "text") or self.next_mark() != ":":
            return None
        self._at += 1
        return text

    def _file(self) -> str | None:
        kind, text = self._taken()
        if kind == "name" and text in _JOINS and self.next_mark() == "(":
            return self._joined()
        return text if kind == "text" and _SOURCE.fullmatch(text) and not text.startswith("/") else None

    def _joined(self) -> str | None:
        """``path.join(__dirname, "src", "app.ts")``."""
        self._at += 1
        if self._taken()[1] not in _HERE:
            return None
        parts: list[str] = []
        while self.next_mark() == ",":
            self._at += 1
            kind, text = self._taken()
            if kind != "text":
                return None
            parts.append(text)
        if self._taken() != ("mark", ")"):
            return None
        file = "/".join(parts)
        return file if _SOURCE.fullmatch(file) and not any(one.startswith("/") for one in parts) else None

    def _taken(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            return "", ""
        self._at += 1
        return self._tokens[self._at - 1]


def meant(found: Iterable[Entry], names: Iterable[str]) -> str | None:
    """The one file that a package is made of: the only one, or the only one that has one of ``names``."""
    every = list(found)
    files = {one.file.removeprefix("./") for one in every}
    if len(files) > 1:
        wanted = set(names)
        files = {one.file.removeprefix("./") for one in every if one.name in wanted}
    return next(iter(files)) if len(files) == 1 else None
