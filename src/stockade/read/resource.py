"""What every reader ends at: evaluated resources, still in the words of their input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from stockade.model.aside import Aside
from stockade.model.names.table import Dialect
from stockade.model.package import Shelf
from stockade.model.remark import Remark
from stockade.model.world import Gap
from stockade.read.files import Tree
from stockade.records import dataclass
from stockade.value import Origin, Unknown, Value


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource instance.

    ``attributes`` may evaluate lazily; an absent key means nobody wrote it. Nested blocks are
    ``Known(tuple of Known(dict))``, in which an ``Unknown`` element stands for zero or more blocks
    that cannot be known. ``doubt`` says why the resource may not exist at all (an unknown ``count``).
    ``region`` is the provider's, where it can be known. ``ignored`` are attributes that deployment
    leaves as they are, whatever is written, ``*`` all of them. ``reference`` gives an attribute as what refers
    to it would see it, where the input has that to say; ``variable`` what its module was handed under a name.
    ``id`` is its name in the file, where people know it by another one (a construct's path).
    """

    dialect: Dialect
    type: str
    address: str
    attributes: Mapping[str, Value[Any]]
    origin: Origin
    doubt: Unknown | None = None
    region: Value[str] | None = None
    ignored: frozenset[str] = frozenset()
    reference: Callable[[str], Value[Any]] | None = None
    variable: Callable[[str], Value[Any] | None] | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where an input's own paths begin, and the tree they are read from."""

    tree: Tree
    directory: Path


@dataclass(frozen=True, slots=True)
class Reading:
    """One input as it was read: ``path`` is shown to people, ``kind`` is ``terraform`` and its like.

    ``ground`` is where the files are that its resources speak of; ``shelf`` has their packages where these are
    no files of the input. ``aside`` says why it, or a part of it, is not what is deployed. ``surroundings`` are
    the ``account``, ``region`` and ``partition`` of what is deployed already.
    """

    kind: str
    path: str
    resources: tuple[Resource, ...]
    gaps: tuple[Gap, ...]
    remarks: tuple[Remark, ...] = ()
    ground: Ground | None = None
    aside: Aside | None = None
    shelf: Shelf | None = None
    surroundings: Mapping[str, str] = field(default_factory=dict, hash=False)
