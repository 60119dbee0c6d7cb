"""What is inside of jars, and what Maven and Gradle write of dependencies."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from xml.etree import ElementTree

from stockade.model.dependency import Component, Evidence
from stockade.model.package import Package
from stockade.read.package.inventory.spans import Places
from stockade.source import Source, Span
from stockade.value import Written

_LARGEST: Final = 60_000_000
_INNER: Final = 100_000
_MOST: Final = 500


def jar(package: Package, path: str) -> Iterator[Component]:
    """A jar in the package, by what Maven wrote into it, or else by its manifest."""
    data = package.head(path, _LARGEST)
    shown = package.shown(path)
    try:
        with zipfile.ZipFile(BytesIO(data)) as opened:
            names = [name for name in opened.namelist() if name.endswith("/pom.properties")][:_MOST]
            found = [
                one
                for name in names
                if opened.getinfo(name).file_size < _INNER
                for one in pom_properties(Source(f"{shown}/{name}", opened.read(name)))
            ]
            yield from found or _manifest(opened, shown)
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError, RuntimeError, EOFError):
        return  # `dirty-package` tells of archives that are broken


def _manifest(opened: zipfile.ZipFile, shown: str) -> Iterator[Component]:
    if "META-INF/MANIFEST.MF" not in opened.namelist():
        return
    if opened.getinfo("META-INF/MANIFEST.MF").file_size > _INNER:
        return
    source = Source(f"{shown}/META-INF/MANIFEST.MF", opened.read("META-INF/MANIFEST.MF"))
    text = source.data.decode("utf-8", "replace").replace("\r\n ", "").replace("\n ", "")
    fields = dict(re.findall(r"^([\w-]+): *([^\r\n]*)", text, re.MULTILINE))
    version = fields.get("Implementation-Version") or fields.get("Bundle-Version")
    group = fields.get("Implementation-Vendor-Id") or ""
    artifact = re.search(r"([\w.-]+?)-\d[\w.-]*\.jar$", shown)
    if version and group and artifact:
        name = artifact[1].rpartition("/")[2]
        yield Component(
            "Maven", f"{group}:{name}", version, Evidence.INSTALLED, source.path, Places(source).of(version)
        )


def pom_properties(source: Source) -> Iterator[Component]:
    """What Maven puts into every jar that it makes, and shading keeps."""
    found = dict(re.findall(r"^(groupId|artifactId|version)\s*=\s*(\S+)", source.text, re.MULTILINE))
    if len(found) == 3:
        place = Places(source).of(f"version={found['version']}", found["version"])
        name = f"{found['groupId']}:{found['artifactId']}"
        yield Component("Maven", name, found["version"], Evidence.INSTALLED, source.path, place)


def gradle_lock(source: Source, package: Package) -> Iterator[Component]:
    """``gradle.lockfile``, less what only tests are compiled or run with."""
    for found in re.finditer(r"^([\w.-]+):([\w.-]+):([^=\s]+)=(\S*)", source.text, re.MULTILINE):
        used = found[4].split(",")
        if all("test" in one.lower() or "annotationProcessor" in one for one in used):
            continue
        place = Written(Span(source, found.start(), found.end(3)))
        yield Component("Maven", f"{found[1]}:{found[2]}", found[3], Evidence.LOCKED, source.path, place)


def pom(source: Source, package: Package) -> Iterator[Component]:
    """``pom.xml``: the dependencies that it names, as far as it says their versions itself."""
    if b"<!ENTITY" in source.data or b"<!DOCTYPE" in source.data:
        return  # nobody writes one, and entities can be made to grow
    root = ElementTree.fromstring(source.data)  # noqa: S314  # without entities it cannot grow
    space = root.tag.partition("}")[0] + "}" if root.tag.startswith("{") else ""
    values = {f"project.{name}": root.findtext(f"{space}{name}") or "" for name in ("version", "groupId")}
    properties = root.find(f"{space}properties")
    for one in properties if properties is not None else ():
        values[one.tag.removeprefix(space)] = one.text or ""
    managed: dict[str, str] = {}
    for one in root.iterfind(f"{space}dependencyManagement/{space}dependencies/{space}dependency"):
        group, artifact, version = (one.findtext(f"{space}{name}") or "" for name in _COORDINATES)
        managed[f"{group}:{artifact}"] = version
    places = Places(source)
    for one in root.iterfind(f"{space}dependencies/{space}dependency"):
        group, artifact, version = (one.findtext(f"{space}{name}") or "" for name in _COORDINATES)
        if (one.findtext(f"{space}scope") or "compile") in ("test", "provided", "system"):
            continue
        name = f"{_filled(group, values)}:{_filled(artifact, values)}"
        written = version or managed.get(f"{group}:{artifact}", "")
        exact = _filled(written, values)
        place = places.of(f"<artifactId>{artifact}</artifactId>", artifact)
        if exact and not re.search(r"[\[(,$]|LATEST|RELEASE", exact):
            yield Component("Maven", name, exact, Evidence.PINNED, source.path, place, direct=True)
        else:
            wanted = exact or "managed elsewhere"
            yield Component("Maven", name, "", Evidence.LOOSE, source.path, place, wanted=wanted, direct=True)


_COORDINATES: Final = ("groupId", "artifactId", "version")


def _filled(text: str, values: dict[str, str]) -> str:
    for _ in range(5):
        filled = re.sub(r"\$\{([^}]+)\}", lambda found: values.get(found[1], found[0]), text)
        if filled == text or len(filled) > 1_000:
            break
        text = filled
    return text.strip()
