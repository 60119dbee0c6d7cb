"""Writes small projects and looks at what was read of them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stockade.read.budget import Budget
from stockade.read.files import Tree
from stockade.read.resource import Reading, Resource
from stockade.read.terraform import read
from stockade.value import Known, Unknown, Value, Written, places


def write(directory: Path, text: str) -> None:
    """Files from one text: ``--- name`` lines begin a file, what stands before them is ``main.tf``."""
    pieces = re.split(r"^--- (\S+)\n", textwrap.dedent(text), flags=re.MULTILINE)
    for name, content in [("main.tf", pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]:
        if content.strip():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, newline="")


def reading(
    directory: Path,
    text: str = "",
    *,
    root: str = ".",
    variables: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    files: list[Path] | None = None,
    budget: Budget | None = None,
) -> Reading:
    write(directory, text)
    return read(
        directory / root,
        Tree(directory),
        variables=variables or {},
        variable_files=files or [],
        environment=environment or {},
        budget=budget,
    )


def at(found: Reading, address: str) -> Resource:
    return {one.address: one for one in found.resources}[address]


def addresses(found: Reading) -> list[str]:
    return [one.address for one in found.resources]


def known(value: Value[Any]) -> Any:
    """Plain Python of a known value, containers included; fails on an unknown."""
    assert isinstance(value, Known), value
    match value.value:
        case dict() as fields:
            return {key: known(item) for key, item in fields.items()}
        case tuple() as items:
            return [known(item) for item in items]
        case plain:
            return plain


def unknown(value: Value[Any]) -> Unknown:
    assert isinstance(value, Unknown), value
    return value


def place(value: Value[Any]) -> str:
    """``path:line`` of the first written place behind a value."""
    written = next(places(value.origin))
    return f"{written.span.path}:{written.span.line}"


def calls(value: Value[Any]) -> list[str]:
    """The module calls behind a value, outermost first."""
    assert isinstance(value.origin, Written)
    return [f"{span.path}:{span.line}" for span in value.origin.via]
