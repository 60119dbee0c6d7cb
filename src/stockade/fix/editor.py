"""What an editor of a dialect must do: write changes in the model's words as edits of files.

The flow (``patch``) knows no dialect: it hands changes to the editor of their input's dialect, applies what
comes back in memory, reads it again and has it proved (``proof``). An editor may therefore be
sure of its syntax only; what it overlooked about others is found there, and not written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Final, Protocol, runtime_checkable

from stockade.control import Change
from stockade.errors import FixError
from stockade.model.world import World
from stockade.read.files import Tree
from stockade.read.resource import Reading
from stockade.records import dataclass
from stockade.source import Edit

EDITORS: Final[Mapping[str, str]] = {
    "terraform": "stockade.fix.terraform.editor",
    **dict.fromkeys(("cloudformation", "sam"), "stockade.fix.cloudformation.editor"),
    "serverless": "stockade.fix.serverless.editor",
}
"""Kind of input (``Reading.kind``) -> the module whose ``Editor`` writes it."""

EXPLAINED: Final[Mapping[str, str]] = {
    "plan": "a plan is not edited: fix the configuration that it was made from",
    "state": "a state is not edited: fix the configuration that it was made from",
    "cdk": "what the CDK writes is not edited: fix the app that writes it",
}
"""Kinds of input that are no sources, and what a person should do instead."""


@dataclass(frozen=True, slots=True)
class Site:
    """What an editor works on: one input as it was read, its world, and the tree that its files are in.

    A ``Source`` may be edited if the tree has a ``path`` for it. Editors make no new files: what is
    added stands in a file that the project has.
    """

    reading: Reading
    world: World
    tree: Tree


class Editor(Protocol):
    """Edits for one input. What it finds out about the input may serve all changes it is asked for."""

    def __init__(self, site: Site) -> None: ...

    def edits(self, changes: Sequence[Change], asked: Sequence[Change]) -> tuple[Edit, ...]:
        """The edits that make all ``changes`` (of one fix) and no others, on the sources as they were read.

        ``asked`` are the changes of everything that is to be fixed in this input, these among them. Where one
        line decides for several resources it may be edited if every one of them is to be changed
        alike; each of their fixes then answers the very same edit, by which the flow knows that they belong
        together. Otherwise an editor takes the nearest place that is not shared.

        No edit where all is as the changes say already. Edits of one answer do not overlap. Raises
        ``FixError`` where a change cannot be written, with the place in the message where there
        is one, and what a person can do as its help.
        """
        ...


@runtime_checkable
class Completing(Protocol):
    """An editor of a dialect in which one change brings others that nobody writes: SAM makes policies."""

    def whole(self, changes: Sequence[Change], asked: Sequence[Change]) -> tuple[Change, ...]:
        """The changes of one fix, and those that the dialect makes with them; ``asked`` as for ``Editor``."""
        ...


@runtime_checkable
class Checking(Protocol):
    """An editor of a dialect whose own tools look at a project as a whole: circles, names of nothing."""

    def complaints(self, after: Site) -> Iterable[str]:
        """What they would refuse of the input as it is with the edits made, and did not before."""
        ...


def editor_of(site: Site) -> Editor:
    """The editor of an input's dialect. Raises ``FixError`` where there is none."""
    module = EDITORS.get(site.reading.kind)
    if module is None:
        kind = site.reading.kind
        help = EXPLAINED.get(kind, "make the change by hand; `stockade scan` says where")
        raise FixError(f"this kind of input ({kind}) cannot be edited", help=help)
    try:
        make: Callable[[Site], Editor] = import_module(module).Editor
    except ModuleNotFoundError as error:
        if error.name is None or not module.startswith(error.name):
            raise
        help = "make the change by hand; `stockade scan` says where"
        raise FixError(f"this kind of input ({site.reading.kind}) cannot be edited yet", help=help) from None
    return make(site)
