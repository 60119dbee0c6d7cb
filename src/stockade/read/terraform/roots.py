"""Finds the root modules of a directory tree: where somebody would run ``terraform plan``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from stockade.patterns import lazy_regex
from stockade.read import looked
from stockade.read.files import Tree, Unreadable
from stockade.read.terraform.config import SUFFIXES, terraform_files
from stockade.read.walk import Folder

_MODULE = lazy_regex(r'^[ \t]*module[ \t]+"?[\w-]+"?[ \t]*\{|"module"[ \t]*:', re.MULTILINE)
_LOCAL_SOURCE = lazy_regex(r'\bsource"?[ \t]*[=:][ \t]*"(\.{1,2}/[^"\n]*)"')


def find_roots(folders: Sequence[Folder], tree: Tree) -> list[Path]:
    """Every directory with Terraform files that no other one calls as a module.

    Where all of them are called (modules that call one another in a circle) all are roots.
    """
    directories = [one.path for one in folders if _has_files(one)]
    targets = {target for directory in directories for target in called(directory, tree)}
    return [directory for directory in directories if directory not in targets] or directories


def _has_files(folder: Folder) -> bool:
    return any(name.endswith(SUFFIXES) for name in folder.files) and bool(terraform_files(folder.path))


def called(directory: Path, tree: Tree) -> set[Path]:
    """The local directories that a directory's files name as module sources, itself excepted."""
    out: set[Path] = set()
    for file in terraform_files(directory):
        try:
            text = tree.read(file).text
        except Unreadable:
            continue  # the reader of this root reports it
        if "module" not in text or _MODULE.search(text) is None:
            continue
        for match in _LOCAL_SOURCE.finditer(text):
            out.add(Path(looked.real(directory / match.group(1))))
    return out - {directory}
