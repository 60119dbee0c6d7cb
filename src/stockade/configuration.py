"""The owner's configuration: ``stockade.toml``, or ``[tool.stockade]`` of ``pyproject.toml``, read and checked.

docs/schema/config-1.json says the same as the tables here, for editors; tests hold the two together.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stockade.accept import Accept, suggestion
from stockade.errors import UsageError
from stockade.globs import fits_path
from stockade.model.choices import RETENTIONS, Choices
from stockade.patterns import lazy_regex
from stockade.read.files import Tree, Unreadable
from stockade.read.repository import repository
from stockade.records import dataclass
from stockade.report import SuppressionKind
from stockade.source import Source, Span

if TYPE_CHECKING:
    from stockade.toml import Key

FILE: Final = "stockade.toml"
SHARED: Final = "pyproject.toml"
NOISES: Final = ("regular", "strict", "audit")
SEVERITIES: Final = ("low", "medium", "high", "critical", "never")

_SECTION: Final = ("tool", "stockade")
_LIMIT: Final = 1_000_000
_ACCOUNT: Final = lazy_regex(r"\d{12}", re.ASCII)
_TOPIC: Final = lazy_regex(r"arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+(?:\.fifo)?", re.ASCII)
_ORIGIN: Final = lazy_regex(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?", re.ASCII)
_DAY: Final = lazy_regex(r"\d{4}-\d{2}-\d{2}", re.ASCII)


# -------------------------------------------------------------------------------------- what it is


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the owner says once for all scans; ``None`` and empty where nothing is said.

    ``path`` is shown to people. Globs are relative to ``directory``, where the file lies; the paths of
    other files are absolute.
    """

    path: str
    directory: Path
    noise: str | None = None
    fail_on: str | None = None
    allow_gaps: bool | None = None
    var_files: tuple[Path, ...] = ()
    vars: Mapping[str, str] = field(default_factory=dict)
    packages: Mapping[str, Path] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    baseline: Path | None = None
    accounts: frozenset[str] = frozenset()
    checkov_skips: bool = True
    accepts: tuple[Accept, ...] = ()
    choices: Choices = field(default_factory=Choices)


class Exclusion:
    """Says which inputs a configuration leaves out, and remembers which it did."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self.met: dict[str, None] = {}

    def __call__(self, root: Path) -> bool:
        path = Path(os.path.relpath(root, self._configuration.directory)).as_posix()
        if not any(fits_path(glob, path) for glob in self._configuration.exclude):
            return False
        self.met[path] = None
        return True


# ------------------------------------------------------------------------------------ where it lies


def find(
    paths: Sequence[Path], here: Path, known: Collection[str], ceiling: Path | None = None
) -> Configuration | None:
    """The configuration of what is scanned: the nearest one at or above it, inside its repository.

    Outside of any repository the search ends at ``here``, or at the path itself. ``known`` are the
    names of all controls; above ``ceiling`` nothing is looked at. Raises ``UsageError`` where the paths have
    different ones, or theirs is wrong.
    """
    here = Path(os.path.realpath(here))
    found: dict[Path | None, Path] = {}
    for path in paths:
        full = Path(os.path.realpath(here / path))
        directory = full if full.is_dir() else full.parent
        found.setdefault(_above(directory, _top(directory, here, ceiling)), path)
    if len(found) > 1:
        (one, first), (other, second) = list(found.items())[:2]
        told = f"`{first}` and `{second}` are configured differently"
        files = " and ".join(f"`{_shown(file, here)}`" for file in (one, other) if file is not None)
        raise UsageError(
            f"{told}, by {files}", help="scan them one after the other, or choose: `--config FILE`"
        )
    file = next(iter(found), None)
    if file is None:
        return None
    directories = [Path(os.path.realpath(here / path)) for path in paths]
    whole = any(one == file.parent or one in file.parent.parents for one in directories)
    return _read(file, here, _top(file.parent, here, ceiling), known, partial=not whole)


def load(file: Path, here: Path, known: Collection[str]) -> Configuration:
    """The configuration in a file that the user named; its paths may lead anywhere."""
    here = Path(os.path.realpath(here))
    return _read(Path(os.path.realpath(here / file)), here, None, known, partial=True)


def _top(directory: Path, here: Path, ceiling: Path | None) -> Path:
    """Where the search for a configuration ends."""
    top = repository(directory, ceiling)
    if top == ceiling:
        return top
    return here if top == directory and here in directory.parents and not (top / ".git").exists() else top


def _above(directory: Path, top: Path) -> Path | None:
    for one in (directory, *directory.parents):
        if (one / FILE).is_file():
            return one / FILE
        shared = one / SHARED
        if shared.is_file() and b"tool.stockade" in _bytes(shared, top).data:
            return shared
        if one == top:
            break
    return None


def _bytes(file: Path, boundary: Path, here: Path | None = None) -> Source:
    try:
        return Tree(boundary, here or boundary, _LIMIT).read(file)
    except Unreadable as error:
        if file.name == SHARED and here is None:
            return Source(file.name, b"")  # somebody else's file, and nothing of ours in it that can be read
        shown = _shown(file, here or boundary)
        raise UsageError(f"`{shown}` was not read: {error.message}", help=error.help) from None


def _shown(file: Path, here: Path) -> str:
    return Path(os.path.relpath(file, here)).as_posix()


# ----------------------------------------------------------------------------------- what may be in it


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of value: what it must be, in words, and whether one is."""

    wanted: str
    fits: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_day(value: Any) -> bool:
    if isinstance(value, str):
        try:
            return _DAY.fullmatch(value) is not None and bool(date.fromisoformat(value))
        except ValueError:
            return False
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_json(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_is_json, value))
    if isinstance(value, dict):
        return all(map(_is_json, value.values()))
    return isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value))


def _list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(fits, value))


def _one_of(names: Sequence[str]) -> _Kind:
    listed = ", ".join(f"`{name}`" for name in names[:-1])
    return _Kind(f"{listed} or `{names[-1]}`", lambda value: isinstance(value, str) and value in names)


def _is_like(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _number(least: int, most: int) -> _Kind:
    return _Kind(
        f"a whole number from {least} to {most}", lambda one: type(one) is int and least <= one <= most
    )


_TEXT: Final = _Kind("a text that is not empty", _is_text)
_TEXTS: Final = _Kind("a list of texts", _list_of(_is_text))

KEYS: Final[Mapping[str, _Kind]] = {
    "noise": _one_of(NOISES),
    "fail-on": _one_of(SEVERITIES),
    "allow-gaps": _Kind("`true` or `false`", lambda value: isinstance(value, bool)),
    "checkov-skips": _Kind("`true` or `false`", lambda value: isinstance(value, bool)),
    "var-files": _TEXTS,
    "vars": _Kind(
        "a table of texts, numbers, booleans, lists or tables",
        lambda value: isinstance(value, dict) and _is_json(value),
    ),
    "packages": _Kind(
        "a table of paths, by the names or addresses of functions",
        lambda value: isinstance(value, dict) and all(map(_is_text, value.values())),
    ),
    "exclude": _TEXTS,
    "baseline": _TEXT,
    "accounts": _Kind(
        "a list of account numbers: twelve digits each, in quotes",
        _list_of(lambda one: isinstance(one, str) and _ACCOUNT.fullmatch(one) is not None),
    ),
    "fix": _Kind("a table: `[fix]`", lambda value: isinstance(value, dict)),
    "accept": _Kind("tables: `[[accept]]`", _list_of(lambda one: isinstance(one, dict))),
}
FIX_KEYS: Final[Mapping[str, _Kind]] = {
    "alarm-topic": _Kind("the ARN of an SNS topic", lambda value: _is_like(value, _TOPIC)),
    "burst-limit": _number(1, 5_000),
    "cors-origins": _Kind(
        "a list of origins, as in `https://app.example.com`",
        lambda value: bool(value) and _list_of(lambda one: _is_like(one, _ORIGIN))(value),
    ),
    "error-rate": _number(1, 99),
    "log-retention-days": _Kind(
        f"a number of days that CloudWatch knows: {', '.join(map(str, RETENTIONS))}",
        lambda value: type(value) is int and value in RETENTIONS,
    ),
    "rate-limit": _number(1, 10_000),
    "reserved-concurrency": _number(1, 1_000_000),
}
ACCEPT_KEYS: Final[Mapping[str, _Kind]] = {
    "control": _Kind(
        "a control's name, or a list of such",
        lambda value: _is_text(value) or (bool(value) and _list_of(_is_text)(value)),
    ),
    "reason": _TEXT,
    "address": _TEXT,
    "function": _TEXT,
    "path": _TEXT,
    "until": _Kind("a day, as in 2027-03-31", _is_day),
}
REQUIRED: Final = ("control", "reason")


# -------------------------------------------------------------------------------------- how it is read


class _Reader:
    """One file's tables, checked as they are taken."""

    def __init__(self, source: Source, known: Collection[str], section: Key) -> None:
        from stockade.toml import Places

        self.source = source
        self.known = known
        self.section = section
        self.places = Places(source)

    def place(self, *key: str | int) -> Span:
        return self.places.of((*self.section, *key))

    def refuse(self, key: Key, message: str, help: str | None = None) -> UsageError:
        return UsageError(f"`{self.source.path}:{self.place(*key).line}`: {message}", help=help)

    def check(self, table: Mapping[str, Any], kinds: Mapping[str, _Kind], key: Key = ()) -> None:
        for name, value in table.items():
            kind = kinds.get(name)
            if kind is None:
                raise self.refuse((*key, name), f"there is no key `{name}`", _nearest(name, kinds))
            if not kind.fits(value):
                raise self.refuse((*key, name), f"`{name}` must be {kind.wanted}")

    def accept(self, index: int, table: Mapping[str, Any], directory: Path, partial: bool) -> Accept:
        key: Key = ("accept", index)
        self.check(table, ACCEPT_KEYS, key)
        for name in REQUIRED:
            if name not in table:
                raise self.refuse(key, f"this `[[accept]]` has no `{name}`", _WHY[name])
        names = [table["control"]] if isinstance(table["control"], str) else table["control"]
        for name in names:
            if name not in self.known:
                message = f"no control is called `{name}`"
                raise self.refuse((*key, "control"), message, suggestion(name, self.known))
        until = table.get("until")
        return Accept(
            kind=SuppressionKind.CONFIGURATION,
            controls=tuple(dict.fromkeys(names)),
            reason=" ".join(table["reason"].split()),
            place=self.place(*key),
            address=table.get("address", ""),
            function=table.get("function", ""),
            path=table.get("path", ""),
            directory=directory,
            until=date.fromisoformat(until) if isinstance(until, str) else until,
            partial=partial,
        )


_WHY: Final = {
    "control": "`stockade explain` lists the controls",
    "reason": "say why it is acceptable: whoever reads the report will ask",
}


def _read(
    file: Path, here: Path, boundary: Path | None, known: Collection[str], *, partial: bool
) -> Configuration:
    """A file's configuration. Nothing that it names may lie outside of ``boundary``, if there is one."""
    from stockade.toml import parse  # most scans have no configuration

    source = _bytes(file, boundary or file.parent, here)
    table = parse(source)
    section: Key = ()
    if file.name == SHARED:
        section = _SECTION
        for name in _SECTION:
            table = table.get(name, {})
            if not isinstance(table, dict):
                raise UsageError(f"`{source.path}`: `tool.stockade` must be a table")
    reader = _Reader(source, known, section)
    reader.check(table, KEYS)
    reader.check(table.get("fix", {}), FIX_KEYS, ("fix",))
    directory = file.parent

    def named(text: str, key: str) -> Path:
        path = Path(os.path.realpath(directory / text))
        if boundary is not None and boundary not in path.parents:
            raise reader.refuse((key,), f"`{text}` lies outside of the repository")
        fits = (
            path.is_file() or (key == "packages" and path.exists()) or (key == "baseline" and not path.exists())
        )
        if not fits:  # a baseline may be made yet
            raise reader.refuse((key,), f"`{text}` does not exist", f"`{key}` is relative to `{source.path}`")
        return path

    return Configuration(
        path=source.path,
        directory=directory,
        noise=table.get("noise"),
        fail_on=table.get("fail-on"),
        allow_gaps=table.get("allow-gaps"),
        var_files=tuple(named(one, "var-files") for one in table.get("var-files", ())),
        vars={name: _as_option(value) for name, value in table.get("vars", {}).items()},
        packages={name: named(one, "packages") for name, one in table.get("packages", {}).items()},
        exclude=tuple(table.get("exclude", ())),
        baseline=named(table["baseline"], "baseline") if "baseline" in table else None,
        accounts=frozenset(table.get("accounts", ())),
        checkov_skips=table.get("checkov-skips", True),
        accepts=tuple(
            reader.accept(index, one, directory, partial) for index, one in enumerate(table.get("accept", ()))
        ),
        choices=chosen(table.get("fix", {})),
    )


def chosen(table: Mapping[str, Any]) -> Choices:
    """What a ``[fix]`` table that was checked says."""
    said: dict[str, Any] = {
        name.replace("-", "_"): tuple(one) if isinstance(one, list) else one for name, one in table.items()
    }
    return Choices(**said)


def _as_option(value: Any) -> str:
    """A value as ``--var`` takes it: texts as they are, all else as Terraform writes it, as JSON does."""
    return value if isinstance(value, str) else json.dumps(value)


def _nearest(name: str, kinds: Mapping[str, _Kind]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.replace("_", "-"), kinds, 1, 0.5)
    listed = ", ".join(f"`{one}`" for one in kinds)
    return f"did you mean `{near[0]}`?" if near else f"there are {listed}"
