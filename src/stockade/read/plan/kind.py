"""Plans and states of Terraform as a kind of input: an input is a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from stockade.read.budget import PLAN
from stockade.read.files import Tree
from stockade.read.kinds import Given
from stockade.read.looked import head
from stockade.read.resource import Reading
from stockade.read.terraform.config import Library
from stockade.read.walk import Folder

_ENDINGS = (".json", ".tfstate", ".tfplan", ".plan", ".out", ".bin")
_SAVED = (b"PK\x03\x04", b"\xff\xfe{", b"\xfe\xff\x00{")


class Kind:
    """Plans and states of one tree. One that a directory scan meets beside its own configuration is left
    out, and said to be; one that a user names is the input."""

    name = "plan"
    alone = True

    def __init__(self, tree: Tree) -> None:
        self._tree = Tree(tree.boundary, tree.shown_from, limit=PLAN)
        self._library = Library(tree)
        self._met: set[Path] = set()
        self._walked: set[Path] = set()

    def find(self, folders: Sequence[Folder]) -> list[Path]:
        named = any(folder.named for folder in folders)
        out = [one for folder in folders for one in _in(folder, named)]
        if not named:
            self._met.update(out)
            self._walked.update(folder.path for folder in folders)
        return out

    def repeated(self, roots: Sequence[Path]) -> Mapping[Path, Path]:
        return {}

    def read(self, root: Path, given: Given) -> Reading:
        from stockade.read.plan import reader

        instead = self._walked if root in self._met else ()
        return reader.read(root, self._tree, library=self._library, instead=instead)

    def variables(self, root: Path) -> Collection[str]:
        return ()

    def takes(self, file: Path) -> bool:
        return False

    def sources(self, root: Path) -> Iterable[Path]:
        return (root,)


def _in(folder: Folder, named: bool) -> list[Path]:
    """The plans and states in a directory; a plan that only Terraform reads too, where it is named."""
    out = []
    for name in folder.files:
        if (not name.endswith(_ENDINGS) and not named) or name.endswith((".tf.json", ".tofu.json")):
            continue
        from stockade.read.plan.contents import recognised

        first = head(folder.path / name)
        if recognised(first) or (named and first.startswith(_SAVED)):
            out.append(folder.path / name)
    return out
