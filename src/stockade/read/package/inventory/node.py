"""What npm, yarn and pnpm write of dependencies; what is only for development does not ship."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from stockade.errors import StockadeError
from stockade.model.dependency import Component, Evidence
from stockade.model.package import Package
from stockade.patterns import lazy_regex
from stockade.read.package.inventory.spans import Places
from stockade.source import Source

_EXACT: Final = lazy_regex(r"v?\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$")

_OWN: Final = ("workspace:", "file:", "link:", "portal:", "./", "../")


def package_lock(source: Source, package: Package) -> Iterator[Component]:
    """``package-lock.json`` of versions 1 to 3, and ``npm-shrinkwrap.json``."""
    found = json.loads(source.data)
    places = Places(source)
    direct = _direct(package)
    if isinstance(found.get("packages"), dict):
        for path, one in found["packages"].items():
            if (
                not path
                or not isinstance(one, dict)
                or one.get("link")
                or one.get("dev")
                or one.get("devOptional")
            ):
                continue
            if "node_modules/" not in path:
                continue  # a workspace of the project's own
            name = one.get("name") or path.rpartition("node_modules/")[2]
            if isinstance(version := one.get("version"), str):
                yield _locked(source, name, version, places.of(f'"{path}"'), direct, one.get("integrity"))
        return
    yield from _tree(source, found.get("dependencies") or {}, places, direct, 0)


def _tree(
    source: Source, tree: Mapping[str, Any], places: Places, direct: set[str] | None, depth: int
) -> Iterator[Component]:
    for name, one in tree.items():
        if not isinstance(one, dict) or one.get("dev") or depth > 100:
            continue
        version = one.get("version")
        if isinstance(version, str) and _EXACT.match(version):
            yield _locked(source, name, version, places.of(f'"{name}"'), direct, one.get("integrity"))
        yield from _tree(source, one.get("dependencies") or {}, places, None, depth + 1)


def _locked(
    source: Source, name: str, version: str, place: Any, direct: set[str] | None, integrity: Any = ""
) -> Component:
    said = integrity if isinstance(integrity, str) else ""
    is_direct = None if direct is None else name in direct
    return Component(
        "npm", name, version, Evidence.LOCKED, source.path, place, direct=is_direct, integrity=said
    )


def _manifest(package: Package) -> dict[str, Any]:
    try:
        found = json.loads(package.read("package.json").data)
    except (StockadeError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _direct(package: Package) -> set[str] | None:
    found = _manifest(package)
    return set(_wanted(found)) if found else None


def _wanted(manifest: Mapping[str, Any]) -> dict[str, str]:
    """What ships of a manifest's dependencies, with the ranges that are wanted."""
    out: dict[str, str] = {}
    for section in ("dependencies", "optionalDependencies"):
        listed = manifest.get(section)
        out |= {str(name): str(wanted) for name, wanted in listed.items()} if isinstance(listed, dict) else {}
    return out


def package_json(source: Source, package: Package) -> Iterator[Component]:
    """A manifest without a lock file: ranges, of which nobody can say which version ships."""
    places = Places(source)
    for name, wanted in _wanted(json.loads(source.data)).items():
        if wanted.startswith(_OWN):
            continue  # a package of the project's own
        version = wanted.removeprefix("=") if _EXACT.match(wanted.removeprefix("=")) else ""
        evidence = Evidence.PINNED if version else Evidence.LOOSE
        place = places.of(f'"{name}"')
        yield Component("npm", name, version, evidence, source.path, place, wanted=wanted, direct=True)


# ------------------------------------------------------------------------------------------------ yarn

_HEADER: Final = lazy_regex(r'^"?((?:@[^/\s"@]+/)?[^@\s"]+)@', re.MULTILINE)


def yarn_lock(source: Source, package: Package) -> Iterator[Component]:
    """``yarn.lock`` of yarn 1 and of later versions, as far as ``dependencies`` of ``package.json`` lead."""
    entries = list(_yarn_entries(source.data.decode("utf-8", "replace")))
    by_key = {key: entry for entry in entries for key in entry["keys"]}
    manifest = _manifest(package)
    kept = {id(entry) for entry in entries}
    if manifest:
        kept = set()
        stack = [f"{name}@{wanted}" for name, wanted in _wanted(manifest).items()]
        while stack:
            key = stack.pop()
            found = by_key.get(key) or by_key.get(key.replace("@", "@npm:", 1) if key[0] != "@" else _npm(key))
            if found is not None and id(found) not in kept:
                kept.add(id(found))
                stack += found["needs"]
    places = Places(source)
    direct = set(_wanted(manifest)) if manifest else None
    for entry in entries:
        if id(entry) in kept and _EXACT.match(entry["version"]):
            place = places.of(entry["header"])
            yield _locked(source, entry["name"], entry["version"], place, direct, entry["integrity"])


def _npm(key: str) -> str:
    name, at, wanted = key.rpartition("@")
    return f"{name}{at}npm:{wanted}"


def _yarn_entries(text: str) -> Iterator[dict[str, Any]]:
    for block in re.split(r"\n(?=\S)", text):
        header, _, body = block.partition("\n")
        if not header.rstrip().endswith(":") or header.startswith(("#", "__metadata")):
            continue
        keys = [key.strip().strip('"') for key in header.rstrip().rstrip(":").split(",")]
        keys = [part.strip().strip('"') for key in keys for part in key.split(", ")]
        named = _HEADER.match(keys[0])
        version = re.search(r'^  version:? "?([^"\n]+)"?', body, re.MULTILINE)
        if not named or not version or "@workspace:" in keys[0]:
            continue
        resolution = re.search(r'^  resolution: "((?:@[^/"]+/)?[^@"]+)@', body, re.MULTILINE)
        integrity = re.search(r"^  (?:integrity|checksum):? (\S+)", body, re.MULTILINE)
        yield {
            "header": keys[0],
            "keys": keys,
            "name": resolution[1] if resolution else _aliased(keys[0]) or named[1],
            "version": version[1].strip(),
            "integrity": integrity[1] if integrity else "",
            "needs": list(_yarn_needs(body)),
        }


def _aliased(key: str) -> str | None:
    found = re.search(r"@npm:((?:@[^/]+/)?[^@]+)@", key)
    return found[1] if found else None


def _yarn_needs(body: str) -> Iterator[str]:
    section = ""
    for line in body.splitlines():
        if re.match(r"  \S", line):
            section = line.strip().rstrip(":")
        elif line.startswith("    ") and section in ("dependencies", "optionalDependencies"):
            found = re.match(r'\s+"?((?:@[^/\s"]+/)?[^\s":]+)"?:?\s+"?([^"\n]+)"?', line)
            if found:
                yield f"{found[1]}@{found[2].strip()}"


# ------------------------------------------------------------------------------------------------ pnpm


def pnpm_lock(source: Source, package: Package) -> Iterator[Component]:
    """``pnpm-lock.yaml`` of versions 5 to 9, from the project's own dependencies on."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        found = yaml.load(source.data, Loader=loader)  # noqa: S506  # a safe loader in either case
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    snapshots = found.get("snapshots") or found.get("packages") or {}
    importer = (found.get("importers") or {}).get(".") or found
    stack: list[str] = []
    direct: set[str] = set()
    for section in ("dependencies", "optionalDependencies"):
        for name, wanted in (importer.get(section) or {}).items():
            version = wanted.get("version") if isinstance(wanted, dict) else wanted
            direct.add(str(name))
            stack += _pnpm_keys(str(name), str(version))
    kept: dict[str, tuple[str, str]] = {}
    while stack:
        key = stack.pop()
        one = snapshots.get(key)
        if key in kept or not isinstance(one, dict):
            continue
        named = _pnpm_name(key)
        if named is not None:
            kept[key] = named
        for section in ("dependencies", "optionalDependencies"):
            for name, version in (one.get(section) or {}).items():
                stack += _pnpm_keys(str(name), str(version))
    places = Places(source)
    for key in sorted(kept):
        name, version = kept[key]
        yield _locked(source, name, version, places.of(f"{key}:", key), direct)


def _pnpm_keys(name: str, version: str) -> Iterator[str]:
    """The keys under which the versions of the format keep a package."""
    yield f"{name}@{version}"
    yield f"/{name}@{version}"
    yield f"/{name}/{version}"
    yield version  # an alias says the key itself


def _pnpm_name(key: str) -> tuple[str, str] | None:
    plain = re.sub(r"\(.*", "", key).lstrip("/")
    found = re.match(r"((?:@[^/]+/)?[^/@]+)[@/](\d[^_(]*)", plain)
    return (found[1], found[2]) if found else None
