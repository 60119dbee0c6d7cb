"""Terraform as a kind of input: an input is the directory of a root module."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from stockade.read import looked
from stockade.read.files import Tree
from stockade.read.kinds import Given
from stockade.read.resource import Reading
from stockade.read.terraform import reader
from stockade.read.terraform.config import Library
from stockade.read.terraform.roots import find_roots
from stockade.read.walk import Folder


class Kind:
    """Root modules of one tree, whose directories are parsed once."""

    name = "terraform"
    alone = False

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._library = Library(tree)

    def find(self, folders: Sequence[Folder]) -> list[Path]:
        return find_roots(folders, self._tree)

    def repeated(self, roots: Sequence[Path]) -> Mapping[Path, Path]:
        return {}

    def read(self, root: Path, given: Given) -> Reading:
        return reader.read(
            root,
            self._tree,
            variables=given.variables,
            variable_files=[file for file in given.variable_files if self.takes(file)],
            environment=given.environment,
            library=self._library,
        )

    def variables(self, root: Path) -> Collection[str]:
        return self._library.load(root).variables

    def takes(self, file: Path) -> bool:
        """Everything that is not plainly in the form of another: a wrong one is Terraform's to report."""
        return not file.name.endswith(".json") or b"ParameterKey" not in looked.whole(file)

    def sources(self, root: Path) -> Iterable[Path]:
        try:
            return [root / name for name in looked.names(root) if ".tf" in name]
        except OSError:
            return ()  # reading it says why it cannot be
