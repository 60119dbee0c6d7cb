"""What a user gives as ``NAME=VALUE``: the values of variables, and where packages lie."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from stockade.cli.outside import Outside
from stockade.errors import UsageError


def packages_of(outside: Outside, given: Sequence[str]) -> dict[str, Path]:
    """Where the packages are that ``NAME=PATH`` options say; each path exists."""
    out: dict[str, Path] = {}
    for one in given:
        name, equals, path = one.partition("=")
        if not equals or not name.strip() or not path:
            help = "write `--package NAME=PATH`, with a function's name or address; `*` stands for all"
            raise UsageError(f"`{one}` does not say whose package it is", help=help)
        full = Path(os.path.realpath(outside.here / path))
        if not full.exists():
            raise UsageError(
                f"`{path}` does not exist", help="`--package` takes a zip, a directory or a saved image"
            )
        out[name.strip()] = full
    return out


def variables_of(given: Sequence[str]) -> dict[str, str]:
    out: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"`{one}` gives no variable a value", help="write `--var name=value`")
        out[name.strip()] = value
    return out
