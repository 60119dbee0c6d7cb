"""The module of Go that a program is a part of, and the modules beside it that it takes instead of others'."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from stockade.model.package import Package
from stockade.patterns import lazy_regex
from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.read.package.listing import directory
from stockade.value import Origin

_MODULE: Final = "go.mod"
_REPLACED: Final = lazy_regex(rb"^(?!\s*//)[^\n]*?=>\s*(\.{1,2}(?:/\S*)?)\s*(?://[^\n]*)?$", re.MULTILINE)


def within_module(tree: Tree, found: Package, real: Path, origin: Origin) -> Package:
    """A program with the files of its module, and of those that replace others there, ``above`` it."""
    if not any(one.endswith(".go") for one in found):
        return found
    around = _around(tree, real)
    if around is None or around == real:
        return found

    def listed() -> Package:
        return directory(tree, around, origin, found.tool, keep=lambda path: path.endswith((".go", _MODULE)))

    above, seen = tree.across(f"module {around}", lambda: looked.made(listed))
    looked.again(seen)
    return replace(found, above=above, folder=real.relative_to(around).as_posix())


def _around(tree: Tree, real: Path) -> Path | None:
    """The directory that holds a program's module and all that this takes from beside itself."""
    for folder in (real, *real.parents):
        try:
            file = tree.locate(folder / _MODULE)
            if looked.is_file(file):
                return _with_replaced(tree, file)
        except Unreadable:
            break  # the module begins outside of what is scanned, or there is none
    return None


def _with_replaced(tree: Tree, file: Path) -> Path:
    places = [file.parent]
    for one in _REPLACED.findall(tree.read(file).data):
        try:
            places.append(tree.locate(Path(os.path.normpath(file.parent / one.decode("utf-8", "replace")))))
        except Unreadable:
            continue  # told where it is imported: its source was not read
    return Path(os.path.commonpath(places))
