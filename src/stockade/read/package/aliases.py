"""What settings say of names that are paths.

A compiler has `paths` and `baseUrl`, its own or what they `extends`, a `package.json` has `_moduleAliases`,
which `module-alias` reads at run time, and a service of the Serverless Framework `aliases` for
`serverless-bundle`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from posixpath import dirname, join, normpath
from typing import Any

from stockade.patterns import lazy_regex

IS_SETTINGS = lazy_regex(r"(?:tsconfig|jsconfig)[\w.-]*\.json")
"""What files of such settings are called; what is extended may have any name."""

IS_SERVICE = lazy_regex(r"serverless\.ya?ml")
"""What the file of a service is called whose bundler may have aliases."""

_ALIASES = lazy_regex(r"^( *)aliases:[ \t]*\n((?:\1 *-[^\n]*\n|[ \t]*(?:#[^\n]*)?\n)+)", re.MULTILINE)
_ALIAS = lazy_regex(r"^ *- *([\"']?)([@~$\w./-]+)\1 *: *([\"']?)([\w./-]+)\3 *(?:#.*)?$", re.MULTILINE)

Said = Callable[[str], Mapping[str, Any]]
"""What a file says; nothing where it is not there."""
Home = Callable[[str], str | None]
"""The directory of a package of the same repository."""


def of_service(file: str, text: str) -> Iterator[tuple[str, str]]:
    """The aliases of a service's bundler, as patterns with the path that each stands for."""
    listed = _ALIASES.search(text + "\n")
    found = _ALIAS.findall(listed[2]) if listed is not None and "serverless-bundle" in text else ()
    return _whole(file, ((name, target) for _, name, _, target in found))


def of_modules(file: str, manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The aliases that a ``package.json`` has for ``module-alias``."""
    named = manifest.get("_moduleAliases")
    return _whole(file, named.items() if isinstance(named, dict) else ())


def _whole(file: str, named: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    """Names that stand for a path, and for the beginning of all below it."""
    for name, target in named:
        if isinstance(target, str) and name:
            path = normpath(join(dirname(file), target))
            yield name, path
            yield f"{name}/*", f"{path}/*"


def aliases(file: str, said: Said, home: Home) -> Iterator[tuple[str, str]]:
    """Patterns of names, each with the path that it stands for, as the compiler has them for some settings.

    Paths are those of `file`'s kind: absolute, or from the same directory. The nearest `paths` count alone.
    """
    options = [(one, _options(said(one))) for one in inherited(file, said, home)]
    based = next(((one, own["baseUrl"]) for one, own in options if isinstance(own.get("baseUrl"), str)), None)
    base = normpath(join(dirname(based[0]), based[1])) if based is not None else None
    where, paths = next(
        ((one, own["paths"]) for one, own in options if isinstance(own.get("paths"), dict)), ("", {})
    )
    for pattern, targets in paths.items():
        for target in targets if isinstance(targets, list) else ():
            yield str(pattern), normpath(join(dirname(where) if base is None else base, str(target)))
    if base is not None:
        yield "*", normpath(join(base, "*"))


def inherited(file: str, said: Said, home: Home) -> list[str]:
    """A file of settings and those that it extends, the nearest first."""
    out: list[str] = []
    pending = [file]
    while pending:
        one = pending.pop(0)
        if one in out:
            continue
        out.append(one)
        above = said(one).get("extends")
        for named in reversed(above if isinstance(above, list) else [above]):
            found = _meant(one, named, said, home) if isinstance(named, str) and named else None
            if found is not None:
                pending.append(found)
    return out


def _meant(file: str, named: str, said: Said, home: Home) -> str | None:
    """The file that settings extend, by its path or as a part of a package."""
    if named.startswith((".", "/")):
        place = named if named.startswith("/") else normpath(join(dirname(file), named))
    else:
        parts = named.split("/")
        length = 2 if named.startswith("@") else 1
        folder = home("/".join(parts[:length]))
        if folder is None:
            return None
        place = normpath(join(folder, *parts[length:]))
    ways = (place, f"{place}.json", f"{place}/tsconfig.json")
    return next((one for one in ways if one.endswith(".json") and said(one)), None)


def _options(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    options = settings.get("compilerOptions")
    return options if isinstance(options, dict) else {}
