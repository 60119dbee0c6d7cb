"""A local store of advisories: one file per ecosystem, looked up by a package's name in some microseconds.

A file is an SQLite database: a row per package, which holds all advisories about it as compressed JSON, and a
few rows that say when it was made and of what. It is written beside and put in place whole, so that who
reads it never sees half of one.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from stockade.advisories.osv import Advisory, affects, merged, normal, parse, vulnerability
from stockade.advisories.versions import KEYS
from stockade.errors import UsageError
from stockade.model.dependency import Component
from stockade.model.vulnerability import Vulnerability
from stockade.records import dataclass

ENDING: Final = ".advisories"
VERSION: Final = "1"
_ENDINGS: Final = (".json", ".yaml", ".yml")
_LARGEST: Final = 20_000_000
"""Bytes of one advisory that are read; the largest has some hundred thousand."""
_MOST: Final = 2_000_000


class Store:
    """The advisories of one directory. An ecosystem's file is opened when a package of it is asked for."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._open: dict[str, sqlite3.Connection | None] = {}
        self._answers: dict[tuple[str, str, str], tuple[Vulnerability, ...]] = {}

    def covers(self, ecosystem: str) -> bool:
        return self._file(ecosystem) is not None

    def of(self, component: Component) -> Sequence[Vulnerability]:
        """What is known of one version of a package."""
        key = component.ecosystem, component.name, component.version
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = self._look_up(component)
        return found

    def failed(self) -> str:
        return ""

    def dates(self) -> dict[str, str]:
        """When each ecosystem's file was made, as a day."""
        out = {}
        for path in sorted(self.directory.glob(f"*{ENDING}")):
            ecosystem = path.name.removesuffix(ENDING)
            if self._file(ecosystem) is not None:
                out[ecosystem] = self.meta(ecosystem).get("date", "")
        return out

    def meta(self, ecosystem: str) -> dict[str, str]:
        """What a file says of itself: ``date``, ``advisories``, ``packages``, ``source``."""
        connection = self._file(ecosystem)
        return dict(connection.execute("SELECT name, value FROM meta")) if connection else {}

    def _look_up(self, component: Component) -> tuple[Vulnerability, ...]:
        found = []
        for advisory in self.about(component.ecosystem, component.name):
            if (hit := hits(advisory, component)) is not None:
                found.append(vulnerability(advisory, hit.fixed, "OSV", hit.within))
        return merged(found, KEYS.get(component.ecosystem))

    def about(self, ecosystem: str, name: str) -> Iterator[Advisory]:
        """All advisories about a package, whatever the version."""
        connection = self._file(ecosystem)
        if connection is None:
            return
        row = connection.execute(
            "SELECT body FROM package WHERE name = ?", (normal(ecosystem, name),)
        ).fetchone()
        if row is not None:
            for document in json.loads(zlib.decompress(row[0])):
                yield parse(document)

    def _file(self, ecosystem: str) -> sqlite3.Connection | None:
        if ecosystem not in self._open:
            self._open[ecosystem] = self._opened(ecosystem)
        return self._open[ecosystem]

    def _opened(self, ecosystem: str) -> sqlite3.Connection | None:
        path = self.directory / f"{ecosystem}{ENDING}"
        if not path.is_file():
            return None
        try:
            of = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(of, uri=True, check_same_thread=False)  # one thread at a time asks
            found = connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
        except sqlite3.DatabaseError:
            found = None
        if found is None or found[0] != VERSION:
            help = "make it again: `stockade advisories update`"
            raise UsageError(f"`{path}` is no store of advisories that this version reads", help=help)
        return connection


@dataclass(frozen=True, slots=True)
class Concern:
    """How an advisory concerns a component: what fixes it, empty where nothing is known to, and its parts."""

    fixed: str
    within: tuple[str, ...]


def hits(advisory: Advisory, component: Component) -> Concern | None:
    """What an advisory says of a component; ``None`` where it is not about it."""
    if advisory.withdrawn:
        return None
    name = normal(component.ecosystem, component.name)
    for one in advisory.affected:
        if (one.ecosystem, one.name) == (component.ecosystem, name):
            affected, fixed = affects(one, component.version)
            if affected:
                return Concern(fixed, one.within)
    return None


def told(advisory: Advisory, component: Component, source: str) -> Vulnerability | None:
    """What a source says that has decided by itself that a component is affected; nothing where only systems
    are that Lambda does not have.
    """
    hit = hits(advisory, component)
    name = normal(component.ecosystem, component.name)
    about = [one for one in advisory.affected if (one.ecosystem, one.name) == (component.ecosystem, name)]
    if hit is None and about and all(one.elsewhere for one in about):
        return None
    return vulnerability(advisory, hit.fixed if hit else "", source, hit.within if hit else ())


# --------------------------------------------------------------------------------------------- making


def documents(path: Path) -> Iterator[Mapping[str, Any]]:
    """The advisories in a directory, in a zip such as OSV publishes for an ecosystem, or in a file.

    Raises ``UsageError`` where there is nothing of the kind.
    """
    try:
        for name, data in _files(path):
            yield from _decoded(name, data)
    except (OSError, zipfile.BadZipFile, zlib.error) as error:
        if not path.exists():
            raise UsageError(f"`{path}` does not exist") from None
        raise UsageError(f"`{path}` cannot be read: {str(error).lower()}") from None


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """The files behind a path that may be advisories, by their names."""
    if path.is_dir():
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            wanted = sorted(name for name in names if name.endswith(_ENDINGS))
            yield from ((name, (Path(folder) / name).read_bytes()) for name in wanted)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as opened:
            for info in opened.infolist()[:_MOST]:
                if info.filename.endswith(_ENDINGS) and info.file_size < _LARGEST:
                    yield info.filename, opened.read(info)
    else:
        yield path.name, path.read_bytes()


def _decoded(name: str, data: bytes) -> Iterator[Mapping[str, Any]]:
    """The objects in a file that are advisories; what else lies beside them is no matter."""
    try:
        if name.endswith((".yaml", ".yml")):
            import yaml

            found = yaml.load(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # safe ones
        else:
            found = json.loads(data)
    except (ValueError, RecursionError):
        return
    except Exception as error:  # PyYAML's own errors, without importing it for files of JSON
        if type(error).__module__.partition(".")[0] != "yaml":
            raise
        return
    for one in found if isinstance(found, list) else (found,):
        if isinstance(one, dict) and "affected" in one and isinstance(one.get("id"), str):
            yield one


_KEPT: Final = ("id", "aliases", "upstream", "summary", "severity", "withdrawn", "database_specific")


def write(
    directory: Path, found: Iterable[Mapping[str, Any]], date: str, source: str, only: Iterable[str] = KEYS
) -> dict[str, tuple[int, int]]:
    """Put advisories into a store, which replaces what it has of the same ecosystems.

    ``date`` is the day that they are of. Returns how many advisories and packages there are of each ecosystem.
    """
    wanted = set(only)
    packages: dict[str, dict[str, list[dict[str, Any]]]] = {}
    counted: dict[str, set[str]] = {}
    for document in found:
        if document.get("withdrawn"):
            continue
        by_package: dict[tuple[str, str], list[Any]] = {}
        for one in document.get("affected") or ():
            package = one.get("package") if isinstance(one, dict) else None
            if isinstance(package, dict):
                ecosystem = str(package.get("ecosystem", "")).partition(":")[0]
                if ecosystem in wanted:
                    by_package.setdefault((ecosystem, normal(ecosystem, str(package.get("name")))), []).append(
                        one
                    )
        for (ecosystem, name), affected in by_package.items():
            counted.setdefault(ecosystem, set()).add(str(document["id"]))
            packages.setdefault(ecosystem, {}).setdefault(name, []).append(_short(document, affected))
    directory.mkdir(parents=True, exist_ok=True)
    for ecosystem, listed in packages.items():
        meta = {
            "version": VERSION,
            "date": date,
            "source": source,
            "advisories": str(len(counted[ecosystem])),
            "packages": str(len(listed)),
        }
        _write(directory / f"{ecosystem}{ENDING}", listed, meta)
    return {one: (len(counted[one]), len(packages[one])) for one in sorted(packages)}


def _short(document: Mapping[str, Any], affected: list[Any]) -> dict[str, Any]:
    """What is kept of a document: all that decides, and a line to read."""
    out = {name: document[name] for name in _KEPT if document.get(name)}
    if "summary" not in out and document.get("details"):
        out["summary"] = str(document["details"]).strip()[:300]
    specific = out.pop("database_specific", None)
    if isinstance(specific, dict):
        kept = {
            name: specific[name] for name in ("severity", "epss", "kev", "known_exploited") if name in specific
        }
        if kept:
            out["database_specific"] = kept
    out["affected"] = [_narrow(one) for one in affected]
    return out


def _narrow(affected: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a package: listed versions only where no range says the same, for they are many."""
    out = {name: affected[name] for name in ("package", "ranges", "severity") if name in affected}
    specific = affected.get("ecosystem_specific")
    if isinstance(specific, dict) and isinstance(parts := specific.get("imports"), list):
        kept = ("path", "goos", "goarch")
        said = [{name: part[name] for name in kept if name in part} for part in parts if isinstance(part, dict)]
        out["ecosystem_specific"] = {"imports": said}
    listed = affected.get("versions")
    if isinstance(listed, list):
        (one,) = parse({"id": "-", "affected": [{**affected, "versions": []}]}).affected
        extra = [version for version in listed if isinstance(version, str) and not affects(one, version)[0]]
        if extra:
            out["versions"] = extra
    return out


def _write(path: Path, packages: Mapping[str, list[dict[str, Any]]], meta: Mapping[str, str]) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    connection = sqlite3.connect(beside)
    try:
        connection.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT)")
        connection.execute("CREATE TABLE package (name TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID")
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        rows = ((name, zlib.compress(json.dumps(packages[name]).encode(), 6)) for name in sorted(packages))
        connection.executemany("INSERT INTO package VALUES (?, ?)", rows)
        connection.commit()
    finally:
        connection.close()
    beside.replace(path)
