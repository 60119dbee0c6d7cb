"""The directories below a path and the names in them: walked once, for every kind of input."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from stockade.read import looked
from stockade.records import dataclass

SKIPPED: Final = frozenset({"node_modules", "__pycache__", "venv", "vendor", "site-packages"})
"""Directories that hold other people's code; hidden ones are skipped as well."""

BUILT: Final = frozenset(
    {
        "dist",
        "build",
        "out",
        "bin",
        "target",
        "lib",
        "libs",
        "bundle",
        "bundles",
        "package",
        "packages",
        "pkg",
        "tmp",
        "temp",
        ".build",
        ".terraform",
        "artifact",
        "artifacts",
        "zip",
        "zips",
        "archive",
        "archives",
        "builds",
        "generated",
        "output",
        "outputs",
        "deploy",
        "deployment",
        "deployments",
    }
)
"""Directories that builds write to, which say nothing of what is in them."""

MANIFEST: Final = "manifest.json"
"""What says, in an assembly of the CDK, which stacks lie beside it."""

TESTED: Final = "integ.json"
"""What says, in such an assembly, that an integration test deploys it, and what the test does."""

HEAD: Final = looked.FIRST
"""Bytes of a file that are looked at to tell what it is."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A directory, resolved, with the names of its files in order; ``named`` by the user, one by one."""

    path: Path
    files: tuple[str, ...]
    named: bool = False


def walk(path: Path) -> list[Folder]:
    """The directory and all below it, in the order of their names.

    Symbolic links to directories are not followed, so a loop of links cannot hold up a scan; what a
    CDK assembly holds of packaged code is somebody else's, as ``node_modules`` is.
    """
    out: list[Folder] = []
    for current, names, files in looked.walk(path):
        packaged = MANIFEST in files or "cdk.out" in files
        names[:] = sorted(
            name
            for name in names
            if not name.startswith(".") and name not in SKIPPED and not (packaged and name.startswith("asset."))
        )
        out.append(Folder(Path(looked.real(current)), tuple(sorted(files))))
    return out


def folder(directory: Path, files: Sequence[str]) -> Folder:
    """A directory of which only some files count, because a user named them."""
    return Folder(directory, tuple(files), named=True)
