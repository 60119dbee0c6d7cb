"""What Python's tools write of dependencies: lists of requirements, and lock files."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from stockade.model.dependency import Component, Evidence
from stockade.model.package import Package
from stockade.patterns import lazy_regex
from stockade.read.package.inventory.spans import Places
from stockade.source import Source, Span
from stockade.value import Written

_NAME: Final = lazy_regex(r"([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(.*)", re.DOTALL)
_EXACT: Final = lazy_regex(r"===?\s*([\w.!+-]+)\s*(?:;.*)?$", re.DOTALL)
_OPTION: Final = lazy_regex(r"\s+--(?:hash|config-settings|global-option)\S*.*$", re.DOTALL)
_ADDRESS: Final = lazy_regex(r"(?:(?:git|hg|svn|bzr)\+\w+|https?|ftp|file)://")
_DEEPEST: Final = 5


def normalised(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(source: Source, package: Package, depth: int = 0) -> Iterator[Component]:
    """``requirements.txt``, with the files that it includes where the package has them."""
    at = 0
    text = source.text
    while at < len(text):
        end = at
        while True:  # a line that ends with a backslash goes on
            end = text.find("\n", end)
            end = len(text) if end < 0 else end
            if end < len(text) and text[:end].rstrip("\r").endswith("\\"):
                end += 1
                continue
            break
        line = re.sub(r"(?:^|\s)#.*", "", text[at:end].replace("\\\n", " ").replace("\\\r\n", " ")).strip()
        start, at = at, end + 1
        included = re.match(r"(?:-r|--requirement)[ =]?\s*(\S+)", line)
        if included and depth < _DEEPEST and included[1] in package:
            yield from requirements(package.read(included[1]), package, depth + 1)
        elif line and not line.startswith("-"):
            found = _requirement(line, source, start)
            if found is not None:
                yield found


def _requirement(line: str, source: Source, start: int) -> Component | None:
    line = _OPTION.sub("", line)
    if _ADDRESS.match(line):
        return _from_address(line, source, start)
    found = _NAME.match(line)
    if found is None or line.startswith((".", "/")):
        return None
    name, rest = normalised(found[1]), found[2].strip()
    at = source.text.find(found[1], start)
    place = Written(Span(source, at, at + len(found[1])))
    exact = _EXACT.match(rest)
    if exact and "*" not in exact[1]:
        return Component("PyPI", name, exact[1], Evidence.PINNED, source.path, place, direct=True)
    if rest.startswith("@"):
        return Component("PyPI", name, "", Evidence.LOOSE, source.path, place, wanted=rest, direct=True)
    wanted = rest.partition(";")[0].strip()
    return Component("PyPI", name, "", Evidence.LOOSE, source.path, place, wanted=wanted, direct=True)


def _from_address(line: str, source: Source, start: int) -> Component | None:
    """``git+https://…#egg=name``: whatever is there when it is built."""
    named = re.search(r"[#&]egg=([\w.-]+)", line) or re.search(
        r"/([\w-]+?)(?:\.git)?(?:@[^/]*)?(?:#.*)?$", line
    )
    if named is None:
        return None
    at = source.text.find(line[:20], start)
    place = Written(Span(source, at, at + min(len(line), 200)))
    name = normalised(named[1])
    return Component("PyPI", name, "", Evidence.LOOSE, source.path, place, wanted=line, direct=True)


def _packages(source: Source) -> list[dict[str, Any]]:
    found = tomllib.loads(source.data.decode("utf-8"))
    return [one for one in found.get("package", found.get("packages", [])) if isinstance(one, dict)]


def _locked(source: Source, places: Places, one: Mapping[str, Any]) -> Iterator[Component]:
    name, version = one.get("name"), one.get("version")
    if isinstance(name, str) and isinstance(version, str):
        place = places.of(f'name = "{name}"', name)
        yield Component("PyPI", normalised(name), version, Evidence.LOCKED, source.path, place)


def poetry_lock(source: Source, package: Package) -> Iterator[Component]:
    """Poetry's, less what is only for development where the file says so."""
    places = Places(source)
    for one in _packages(source):
        groups = one.get("groups")
        if one.get("category") == "dev" or (isinstance(groups, list) and groups and "main" not in groups):
            continue
        yield from _locked(source, places, one)


def pdm_lock(source: Source, package: Package) -> Iterator[Component]:
    places = Places(source)
    for one in _packages(source):
        groups = one.get("groups")
        if not (isinstance(groups, list) and groups and "default" not in groups):
            yield from _locked(source, places, one)


def pylock(source: Source, package: Package) -> Iterator[Component]:
    """The standard lock file (PEP 751)."""
    places = Places(source)
    for one in _packages(source):
        yield from _locked(source, places, one)


def uv_lock(source: Source, package: Package) -> Iterator[Component]:
    """uv's: what the project itself needs, by way of what that needs; development's groups are not followed."""
    places = Places(source)
    packages = _packages(source)
    named: dict[str, list[dict[str, Any]]] = {}
    for one in packages:
        named.setdefault(str(one.get("name")), []).append(one)
    roots = [one for one in packages if _is_own(one)]
    if not roots:
        kept = set(named)
    else:
        kept = set()
        stack = [name for one in roots for name in _needs(one)]
        while stack:
            name = stack.pop()
            if name not in kept:
                kept.add(name)
                stack += (inner for one in named.get(name, ()) for inner in _needs(one))
    for one in packages:
        if not _is_own(one) and one.get("name") in kept:
            yield from _locked(source, places, one)


def _is_own(one: Mapping[str, Any]) -> bool:
    origin = one.get("source")
    return isinstance(origin, dict) and not {"virtual", "editable", "directory"}.isdisjoint(origin)


def _needs(one: Mapping[str, Any]) -> Iterator[str]:
    listed = list(one.get("dependencies") or ())
    for extra in (one.get("optional-dependencies") or {}).values():
        listed += extra
    return (str(item["name"]) for item in listed if isinstance(item, dict) and "name" in item)


def pipfile_lock(source: Source, package: Package) -> Iterator[Component]:
    """Pipenv's: the section ``default``."""
    places = Places(source)
    for name, one in json.loads(source.data).get("default", {}).items():
        version = one.get("version") if isinstance(one, dict) else None
        if isinstance(version, str) and version.startswith("=="):
            place = places.of(f'"{name}"')
            yield Component("PyPI", normalised(name), version[2:], Evidence.LOCKED, source.path, place)
