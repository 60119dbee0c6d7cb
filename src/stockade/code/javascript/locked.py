"""What lock files say of packages whose source is not there: whether they bring the AWS SDK with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from re import Pattern
from typing import Any, Final

from stockade.patterns import lazy_regex

LOCKS: Final = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml")
"""What lock files are called."""

_SDK: Final = lazy_regex(r"aws-sdk|@aws-sdk/(?:client|lib)-[\w-]+")
_INSIDE: Final = ("@aws-sdk/", "@smithy/")
"""What packages of the SDK begin with: they need one another, and say nothing of who needs one of them."""

_NEEDED: Final = ("dependencies", "peerDependencies")
"""What a package does not do without; an optional one is there for somebody else's wishes."""


class Locked:
    """The packages that some lock files have, by name, whatever their versions."""

    def __init__(self, files: Iterable[tuple[str, str]]) -> None:
        """``files`` are lock files' names and texts."""
        self._needs: dict[str, set[str]] = {}
        for name, text in files:
            for package, needed in _read(name, text):
                self._needs.setdefault(package, set()).update(needed)

    def __contains__(self, package: object) -> bool:
        return package in self._needs

    def sdk(self, package: str) -> list[str]:
        """The packages of the SDK that a package needs, directly or through what it needs."""
        out: set[str] = set()
        seen: set[str] = set()
        stack = [package]
        while stack:
            one = stack.pop()
            if one in seen or one.startswith(_INSIDE):
                continue
            seen.add(one)
            for needed in self._needs.get(one, ()):
                stack.append(needed)
                if _SDK.fullmatch(needed):
                    out.add(needed)
        return sorted(out)


def _read(name: str, text: str) -> Iterator[tuple[str, Iterable[str]]]:
    if not name.endswith(".json"):
        yield from _lines(text, *(_YARN if name.startswith("yarn") else _PNPM))
        return
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(found, dict):
        return
    if isinstance(found.get("packages"), dict):
        for path, one in found["packages"].items():
            package = path.rpartition("node_modules/")[2]
            if package and isinstance(one, dict):
                yield package, _needed(one)
        return
    yield from _tree(found.get("dependencies"), 0)


def _needed(package: Mapping[str, Any]) -> Iterator[str]:
    optional = package.get("peerDependenciesMeta")
    for kind in _NEEDED:
        listed = package.get(kind)
        if isinstance(listed, dict):
            yield from (one for one in listed if not (isinstance(optional, dict) and one in optional))


def _tree(tree: Any, depth: int) -> Iterator[tuple[str, Iterable[str]]]:
    """Packages of the first version of ``package-lock.json``, which are inside of one another."""
    if not isinstance(tree, dict) or depth > 100:
        return
    for name, one in tree.items():
        if isinstance(one, dict):
            requires = one.get("requires")
            yield name, requires if isinstance(requires, dict) else ()
            yield from _tree(one.get("dependencies"), depth + 1)


_YARN: Final = (
    lazy_regex(r'"?((?:@[^/\s"@]+/)?[^@\s"#]+)@'),
    lazy_regex(r"  (\w+):$"),
    lazy_regex(r'    "?((?:@[^/\s"]+/)?[^\s":]+)'),
)
_PNPM: Final = (
    lazy_regex(r"  '?/?((?:@[^/\s]+/)?[^/@\s']+)[@/].*:$"),
    lazy_regex(r"    (\w+):$"),
    lazy_regex(r"      '?((?:@[^/\s']+/)?[^\s':]+)'?:"),
)
"""How a package, a section of it and what is needed are written: the further right, the further inside."""


def _lines(
    text: str, package: Pattern[str], section: Pattern[str], needed: Pattern[str]
) -> Iterator[tuple[str, Iterable[str]]]:
    name = inside = ""
    for line in text.splitlines():
        if found := needed.match(line):
            if name and inside in _NEEDED:
                yield name, (found[1],)
        elif found := section.match(line):
            inside = found[1]
        elif line.strip():
            found = package.match(line)
            if found:
                name, inside = found[1], ""
                yield name, ()
            elif not line.startswith(("    ", "  version", "  res", "  integrity", "  checksum")):
                name = ""
