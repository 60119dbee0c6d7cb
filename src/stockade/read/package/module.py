"""``source_path`` of the module ``terraform-aws-modules/lambda``: what its packing script would put in.

Its documentation says what it is: a path, or a list of paths and of objects with a path, a place in the zip,
patterns of what goes in, and what to install first.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from stockade.model.function import Function
from stockade.model.package import Form, Package
from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.read.package.built import family, manifest
from stockade.read.package.listing import Absent, Gathered, Keep
from stockade.read.resource import Resource
from stockade.value import Known, Unknown, Value, elements_of

TOOL: Final = "module"
_INSTALLS: Final = ("npm_requirements", "pip_requirements", "poetry_install", "uv_install", "commands")
_SELF: Final = "local_existing_package"


def source_path(resource: Resource) -> Value[Any] | None:
    """What a module was handed as the path of its source; ``None`` where it was not, or packs nothing."""
    if resource.variable is None or resource.type not in ("aws_lambda_function", "aws_lambda_layer_version"):
        return None
    handed = resource.variable("source_path")
    existing = resource.variable(_SELF)
    if handed is None or (isinstance(handed, Known) and handed.value is None) or existing is not None:
        return None
    return handed


def package(tree: Tree, base: Path, value: Value[Any], function: Function | None) -> Package:
    """The files that the script takes. Raises ``Unreadable`` where they cannot be told."""
    gathered = Gathered(tree)
    notes: list[str] = []
    shown: list[str] = []
    for one in _sources(value):
        _take(gathered, tree, base, one, function, notes, shown)
    if not shown:
        raise Unreadable("its `source_path` names nothing")
    built = notes[0] if notes else ""
    return gathered.package(Form.SOURCE if built else Form.DIRECTORY, shown[0], "", value.origin, TOOL, built)


def _sources(value: Value[Any]) -> Sequence[Value[Any]]:
    if isinstance(value, Known) and isinstance(value.value, str | dict):
        return (value,)
    elements = elements_of(value)
    if elements is None or any(isinstance(one, Unknown) and one.text is None for one in elements):
        reason = value.reason if isinstance(value, Unknown) else "it is not a path or a list of them"
        raise Unreadable(f"its `source_path` is not known: {reason}")
    return elements


def _take(
    gathered: Gathered,
    tree: Tree,
    base: Path,
    value: Value[Any],
    function: Function | None,
    notes: list[str],
    shown: list[str],
) -> None:
    said = value.value if isinstance(value, Known) and isinstance(value.value, dict) else {"path": value}
    path = said.get("path")
    if path is None or (isinstance(path, Known) and path.value is None):
        notes.append("commands of `source_path` make it")
        return
    if not isinstance(path, Known) or not isinstance(path.value, str):
        raise Unreadable("a path in `source_path` is not known")
    where = base / path.value
    real = tree.locate(where)
    shown.append(tree.shown(where))
    notes += _installed(said, real, function)
    prefix = _plain(said.get("prefix_in_zip")) or ""
    if looked.is_directory(real):
        gathered.directory(where, _keep(_patterns(said.get("patterns"))), prefix)
    elif looked.is_file(real):
        gathered.file(where, posixpath.join(prefix, posixpath.basename(path.value)))
    else:
        raise Absent(where)


def _installed(said: dict[str, Value[Any]], real: Path, function: Function | None) -> Iterator[str]:
    for name in _INSTALLS:
        asked = said.get(name)
        if asked is not None and not (isinstance(asked, Known) and asked.value in (None, False, ())):
            yield f"the module makes it of this source: `{name}`"
            return
    named = manifest(real, family(function)) if looked.is_directory(real) else None
    if named in ("requirements.txt", "package.json") and len(said) == 1:
        yield f"the module installs what `{named}` lists"


def _patterns(value: Value[Any] | None) -> list[str]:
    if value is None or (isinstance(value, Known) and value.value is None):
        return []
    if isinstance(value, Known) and isinstance(value.value, str):
        return [line.strip() for line in value.value.splitlines() if line.strip()]
    elements = elements_of(value) or ()
    return [str(one.value) for one in elements if isinstance(one, Known)]


def _keep(patterns: Sequence[str]) -> Keep | None:
    """Regular expressions in turn, of which the last that fits counts; ``!`` before one takes away."""
    if not patterns:
        return None
    import re2

    rules = []
    for one in patterns:
        try:
            rules.append((re2.compile(one.removeprefix("!")), not one.startswith("!")))
        except re2.error:
            raise Unreadable(f"the pattern `{one}` of its `source_path` is not understood") from None

    def keep(path: str) -> bool:
        kept = True
        for pattern, positive in rules:
            if pattern.fullmatch(path):
                kept = positive
        return kept

    return keep


def _plain(value: Value[Any] | None) -> str | None:
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else None
