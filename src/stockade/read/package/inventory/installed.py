"""What is installed in a package: by the files that installers leave beside what they install."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from stockade.errors import StockadeError
from stockade.model.dependency import Component, Evidence
from stockade.model.package import Package
from stockade.patterns import lazy_regex
from stockade.read.package.inventory import jvm
from stockade.read.package.inventory.others import go_binary
from stockade.read.package.inventory.spans import Places
from stockade.source import Source

_PYTHON: Final = lazy_regex(r"(?:^|/)[^/]+\.(?:dist-info/METADATA|egg-info/PKG-INFO)$|(?:^|/)[^/]+\.egg-info$")
_NODE: Final = lazy_regex(r"(?:^|/)node_modules/((?:@[^/]+/)?[^/@.][^/]*)/package\.json$")
_MAVEN: Final = lazy_regex(r"(?:^|/)META-INF/maven/[^/]+/[^/]+/pom\.properties$")
_DOTNET: Final = lazy_regex(r"^[^/]+\.deps\.json$")
_GO: Final = lazy_regex(r"^(?:bootstrap|main|handler|[\w-]{1,40})$")
_HEAD: Final = 200_000
_GO_LARGEST: Final = 100_000_000


def components(package: Package) -> Iterator[Component]:
    """Every package that somebody installed into this one."""
    for entry in package.entries:
        path = entry.path
        try:
            if _PYTHON.search(path):
                yield from python(package.read(path))
            elif found := _NODE.search(path):
                yield from npm(package.read(path), found[1])
            elif path.endswith(".jar"):
                yield from jvm.jar(package, path)
            elif _MAVEN.search(path):
                yield from jvm.pom_properties(package.read(path))
            elif _DOTNET.match(path):
                yield from dotnet(package.read(path))
            elif entry.size > _HEAD and _GO.match(path):
                yield from go_binary(Source(package.shown(path), package.head(path, _GO_LARGEST)), path)
        except StockadeError:
            continue  # `unscanned-dependency` tells of what is installed and cannot be read


_FIELD: Final = lazy_regex(rb"^(Name|Version|License|License-Expression):[ \t]*([^\r\n]*)", re.MULTILINE)


def python(source: Source) -> Iterator[Component]:
    """The metadata of a distribution: headers as in mail, which end at an empty line."""
    end = source.data.find(b"\n\n")
    head = source.data[: end if end >= 0 else _HEAD]
    fields: dict[str, str] = {}
    for found in _FIELD.finditer(head):
        fields.setdefault(found[1].decode(), found[2].decode("utf-8", "replace").strip())
    name, version = fields.get("Name"), fields.get("Version")
    if name and version:
        licence = fields.get("License-Expression") or fields.get("License", "")
        place = Places(source).of(f"Version: {version}", version)
        yield Component(
            "PyPI",
            normalised(name),
            version,
            Evidence.INSTALLED,
            source.path,
            place,
            licence=licence if len(licence) < 100 else "",
        )


def normalised(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def npm(source: Source, folder: str) -> Iterator[Component]:
    """``package.json`` of an installed package; one without a version is a folder of another package."""
    try:
        found: Any = json.loads(source.data)
    except (ValueError, RecursionError):
        return
    if not isinstance(found, dict) or not isinstance(version := found.get("version"), str):
        return
    name = found.get("name")
    licence = found.get("license")
    place = Places(source).of(f'"version": "{version}"', version)
    named = name if isinstance(name, str) and name else folder
    said = licence if isinstance(licence, str) else ""
    yield Component("npm", named, version, Evidence.INSTALLED, source.path, place, licence=said)


def dotnet(source: Source) -> Iterator[Component]:
    """``app.deps.json``, which the .NET SDK writes beside what it publishes."""
    try:
        found: Any = json.loads(source.data)
        libraries = found["libraries"].items()
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return
    places = Places(source)
    for key, entry in libraries:
        name, _, version = key.partition("/")
        if isinstance(entry, dict) and entry.get("type") == "package" and version:
            yield Component("NuGet", name, version, Evidence.INSTALLED, source.path, places.of(f'"{key}"'))
