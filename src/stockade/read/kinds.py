"""The kinds of input there are, and what each must be able to do; a new kind is one entry here.

A kind is a module ``read/<kind>/kind.py`` (or ``read/<kind>.py``) with a class ``Kind``, imported when
a scan begins. It finds its inputs by what files hold, not by their names alone, and ends at a ``Reading``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol

from stockade.read.files import Tree
from stockade.read.resource import Reading
from stockade.read.walk import Folder
from stockade.records import dataclass

KINDS: Final[Mapping[str, str]] = {
    "stockade.read.terraform.kind": "Terraform configuration (`.tf` or `.tf.json`)",
    "stockade.read.plan.kind": "a plan or state of Terraform (`terraform show -json`)",
    "stockade.read.cloudformation.kind": "CloudFormation, SAM or CDK templates (YAML or JSON)",
    "stockade.read.serverless.kind": "a service of the Serverless Framework (`serverless.yml`)",
}
"""Module -> what it reads, as a person would say it."""

GIVE: Final = f"give a file, or a directory at or above one, of {' or '.join(KINDS.values())}"
"""What to do where nothing was found."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a user says for all inputs of a scan; ``variable_files`` exist. The rest is as typed."""

    variables: Mapping[str, str]
    variable_files: Sequence[Path]
    environment: Mapping[str, str]


class Kind(Protocol):
    """One kind of input below one tree; what it parses of files may serve all of its inputs.

    An input is told by a path: a directory, or a file.
    """

    name: str
    """What a report calls an input of which nothing could be read."""

    alone: bool
    """Whether a reading hangs on what was found beside it: no other process can read it, nor can it be kept."""

    def __init__(self, tree: Tree) -> None: ...

    def find(self, folders: Sequence[Folder]) -> list[Path]:
        """The inputs in some directories, in their order. Reads no more than it takes to tell them."""
        ...

    def repeated(self, roots: Sequence[Path]) -> Mapping[Path, Path]:
        """Of some inputs those that only say again what another one of them says, with that."""
        ...

    def read(self, root: Path, given: Given) -> Reading:
        """Read one input.

        Raises ``BudgetExceeded`` or ``Unreadable`` where nothing of it can be read, ``UsageError`` for
        a variable file that is wrong.
        """
        ...

    def variables(self, root: Path) -> Collection[str]:
        """The names that an input declares for values which a user may give."""
        ...

    def takes(self, file: Path) -> bool:
        """Whether a variable file is in a form of this kind."""
        ...

    def sources(self, root: Path) -> Iterable[Path]:
        """The files of an input that its resources are declared in, as far as this is known unread."""
        ...


def kinds(tree: Tree) -> tuple[Kind, ...]:
    """All kinds, for one tree."""
    return tuple(_made(module, tree) for module in KINDS)


def _made(module: str, tree: Tree) -> Kind:
    made: Kind = import_module(module).Kind(tree)
    return made
