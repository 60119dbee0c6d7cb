"""Which file of a package of the same repository an import means, as its `package.json` says: the source of it.

What is exported is mostly what a build makes; the file that it is made of is named as it is, below `src`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import normpath
from typing import Any, Final

_FIELDS: Final = ("source", "module", "main", "types", "typings")
_BUILT: Final = frozenset({"dist", "build", "out", "lib", "esm", "cjs", "es", "output", "_build", "bin"})
"""Directories that a build writes to."""
_ELSEWHERE: Final = frozenset({"browser", "react-native", "deno", "edge-light", "workerd", "worker"})
"""Conditions that no function fulfils."""
_ENDINGS: Final = (".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs", ".jsx")
_PLAIN: Final = ("src", "src/main", "lib", "")
"""Where the index of a package is that does not say where."""
_DEEPEST: Final = 8
"""How deep conditions may nest."""


def exported(manifest: Mapping[str, Any], rest: str) -> Iterator[str]:
    """Paths in the package, the likeliest first, for ``rest`` of what is imported after the package's name.

    ``shared/db`` has the rest ``db``, and ``shared`` none. An ending may be missing from them.
    """
    targets = [normpath(one) for one in _targets(manifest, rest)]
    for target in targets:
        if target.partition("/")[0] in _BUILT:
            yield from _behind(target)
        else:
            yield target
    yield from targets
    if rest:
        yield rest
        yield f"src/{rest}"
        yield from _behind(rest)
        return
    for target in targets:
        yield from _behind(target)
    yield from _PLAIN


def _targets(manifest: Mapping[str, Any], rest: str) -> Iterator[str]:
    said = manifest.get("exports")
    key = f"./{rest}" if rest else "."
    if isinstance(said, dict) and any(str(one).startswith(".") for one in said):
        if key in said:
            yield from _conditions(said[key], "")
        else:
            yield from _patterns(said, key)
    elif not rest:
        yield from _conditions(said, "")
    if not rest:
        for field in _FIELDS:
            one = manifest.get(field)
            if isinstance(one, str) and one:
                yield one


def _patterns(said: Mapping[str, Any], key: str) -> Iterator[str]:
    """Of patterns that fit the one counts that says most before its star."""
    for pattern in sorted(map(str, said), key=lambda one: len(one.partition("*")[0]), reverse=True):
        before, star, after = pattern.partition("*")
        if star and len(key) >= len(before) + len(after) and key.startswith(before) and key.endswith(after):
            yield from _conditions(said[pattern], key[len(before) : len(key) - len(after)])
            return


def _conditions(said: Any, middle: str, depth: int = 0) -> Iterator[str]:
    if isinstance(said, str):
        yield said.replace("*", middle)
    elif isinstance(said, dict) and depth < _DEEPEST:
        for name, one in said.items():
            if name not in _ELSEWHERE:
                yield from _conditions(one, middle, depth + 1)
    elif isinstance(said, list) and depth < _DEEPEST:
        for one in said:
            yield from _conditions(one, middle, depth + 1)


def _behind(target: str) -> Iterator[str]:
    """The source that a built file may be made of: ``dist/esm/db.js`` of ``src/db``."""
    ending = next((one for one in _ENDINGS if target.endswith(one)), "")
    parts = target.removesuffix(ending).split("/")
    if parts[0] == "src":
        return
    for skipped in range(1, min(len(parts), 4)):
        if skipped > 1 and parts[skipped - 1] not in _BUILT and parts[skipped - 1] not in ("src", "types"):
            return
        tail = "/".join(parts[skipped:])
        yield f"src/{tail}"
        yield tail
