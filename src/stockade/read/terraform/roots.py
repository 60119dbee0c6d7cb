"""Finds the root modules of a directory tree: where somebody would run ``terraform plan``."""

from __future__ import annotations

import os
import re
from pathlib import Path

from stockade.read.files import Tree, Unreadable
from stockade.read.terraform.config import terraform_files

SKIPPED = frozenset({"node_modules", "__pycache__", "venv", "vendor"})
"""Directories that hold other people's code; hidden ones are skipped as well."""

_MODULE = re.compile(r'^[ \t]*module[ \t]+"?[\w-]+"?[ \t]*\{|"module"[ \t]*:', re.MULTILINE)
_LOCAL_SOURCE = re.compile(r'\bsource"?[ \t]*[=:][ \t]*"(\.{1,2}/[^"\n]*)"')


def find_roots(path: Path, tree: Tree) -> list[Path]:
    """Every directory below ``path`` with Terraform files that no other one calls as a module.

    Where all of them are called (modules that call one another in a circle) all are roots. Symbolic
    links to directories are not followed, so a loop of links cannot hold up a scan.
    """
    directories = [Path(os.path.realpath(found)) for found in _directories(path)]
    called = {target for directory in directories for target in _called(directory, tree)}
    return [directory for directory in directories if directory not in called] or directories


def _directories(path: Path) -> list[Path]:
    out = []
    for current, names, _ in os.walk(path, followlinks=False):
        names[:] = sorted(n for n in names if not n.startswith(".") and n not in SKIPPED)
        if terraform_files(Path(current)):
            out.append(Path(current))
    return out


def _called(directory: Path, tree: Tree) -> set[Path]:
    """The local directories that a directory's files name as module sources, itself excepted."""
    out: set[Path] = set()
    for file in terraform_files(directory):
        try:
            text = tree.read(file).text
        except Unreadable:
            continue  # the reader of this root reports it
        if _MODULE.search(text) is None:
            continue
        for match in _LOCAL_SOURCE.finditer(text):
            out.add(Path(os.path.realpath(directory / match.group(1))))
    return out - {directory}
