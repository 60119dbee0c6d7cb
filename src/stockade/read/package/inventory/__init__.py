"""Third parties' packages in what ships: from what was installed, or else from what a build will install.

What lies in the package wins over every list: where something of an ecosystem is installed, lock files of
that ecosystem say nothing more. A list without exact versions is kept as it is, and never resolved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from stockade.errors import StockadeError
from stockade.model.dependency import Component
from stockade.model.package import Form, Package
from stockade.read.package.inventory import installed, jvm, node, others, python
from stockade.records import dataclass
from stockade.source import Source

MANY: Final = 50_000
"""Components of one package that are told."""

Parser = Callable[[Source, Package], Iterator[Component]]

LOCKS: Final[Mapping[str, tuple[str, Parser]]] = {
    "pylock.toml": ("PyPI", python.pylock),
    "uv.lock": ("PyPI", python.uv_lock),
    "poetry.lock": ("PyPI", python.poetry_lock),
    "pdm.lock": ("PyPI", python.pdm_lock),
    "Pipfile.lock": ("PyPI", python.pipfile_lock),
    "requirements.txt": ("PyPI", python.requirements),
    "npm-shrinkwrap.json": ("npm", node.package_lock),
    "package-lock.json": ("npm", node.package_lock),
    "pnpm-lock.yaml": ("npm", node.pnpm_lock),
    "yarn.lock": ("npm", node.yarn_lock),
    "package.json": ("npm", node.package_json),
    "go.mod": ("Go", others.go_mod),
    "gradle.lockfile": ("Maven", jvm.gradle_lock),
    "pom.xml": ("Maven", jvm.pom),
    "Gemfile.lock": ("RubyGems", others.gemfile_lock),
    "Cargo.lock": ("crates.io", others.cargo_lock),
}
"""Files at the top of a package that say what a build installs, in the order in which they are believed."""


_FOLDERS: Final = ("", "nodejs/", "python/", "java/", "ruby/")
"""Where such files are looked for: at the top, and where layers have what a runtime is to find."""

_FINISHED: Final = (Form.ARCHIVE, Form.IMAGE)
"""What nothing is installed into any more: a list in it tells only of what is there."""


def _is_in(one: Component, package: Package) -> bool:
    """Whether something that is listed lies in a package as well; what is compiled cannot be looked for."""
    if one.ecosystem == "npm":
        start = f"node_modules/{one.name}/"
    elif one.ecosystem == "PyPI":
        start = one.name.replace("-", "_")
        names = (path.partition("/")[0].lower() for path in package)
        return any(name in (start, f"{start}.py", start.removeprefix("python_")) for name in names)
    else:
        return True
    return any(path.startswith(start) for path in package)


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a package holds of third parties; ``unread`` are the lists that tell nothing, with why."""

    components: tuple[Component, ...]
    unread: Mapping[str, str]


def inventory(package: Package) -> Inventory:
    """All third parties' packages of one package, by ecosystem and name, each version once."""
    found: dict[str, Component] = {}
    for one in installed.components(package):
        found.setdefault(one.purl, one)
    there = {one.ecosystem for one in found.values()}
    unread: dict[str, str] = {}
    for folder in _FOLDERS:
        if folder and not any(path.startswith(folder) for path in package):
            continue
        inner = package.below(folder) if folder else package
        for name, (ecosystem, parse) in LOCKS.items():
            if ecosystem in there or name not in inner:
                continue
            try:
                listed = list(parse(inner.read(name), inner))
            except StockadeError as error:
                unread[inner.shown(name)] = error.message
                continue
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError, SyntaxError):
                unread[inner.shown(name)] = "it is not in a form that is known"
                continue
            if package.form in _FINISHED:
                listed = [one for one in listed if _is_in(one, inner)]
            if listed:
                there.add(ecosystem)
            for one in listed:
                found.setdefault(f"{one.purl} {one.wanted}", one)
    kept = sorted(found.values(), key=lambda one: (one.ecosystem, one.name.lower(), one.version))
    return Inventory(tuple(kept[:MANY]), unread)
