"""One folder of an editor: its inputs as they are in the buffers, and what the controls say of them.

Everything is read once from the disk with the buffers over it. When a buffer changes, only the inputs that
read it are evaluated again, over the same tree: what was made of the other files serves on. What an input
says to others (alarms that tell of another's functions) is as it was at the last whole reading, which a
saved, opened or closed file brings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from stockade.control import Safety
from stockade.errors import BudgetExceeded, StockadeError
from stockade.fix.again import Judge
from stockade.fix.patch import Asked, patch
from stockade.model.world import Gap, World
from stockade.patched import Patch
from stockade.read.files import Unreadable
from stockade.read.inputs import Input
from stockade.report import Finding, Report
from stockade.value import Default

Ask: TypeAlias = Callable[[Mapping[Path, bytes]], tuple[Sequence[Input], Judge]]
"""Reads a folder with buffers over its files, by their real paths; the inputs, and how controls are asked."""

OFTEN: Final = 200
"""Changes after which all is read anew: what was made of old buffers is kept by the tree until then."""


class Project:
    """A folder's inputs and report. Not for two threads at once."""

    def __init__(self, folder: Path, ask: Ask) -> None:
        self.folder = folder
        self.report: Report | None = None
        self.trouble: StockadeError | None = None
        self.inputs: list[Input] = []
        self._ask = ask
        self._judge: Judge | None = None
        self._base: list[Input] = []
        self._held: dict[Path, bytes] = {}
        self._changes = 0

    def read(self, buffers: Mapping[Path, bytes]) -> None:
        """Read everything and ask all controls; ``trouble`` says why that could not be done."""
        self.report, self.trouble, self.inputs = None, None, []
        try:
            found, self._judge = self._ask(buffers)
            self._base = list(found)
        except StockadeError as error:
            self.trouble, self._base, self._judge = error, [], None
            return
        self._held, self._changes = dict(buffers), 0
        self.inputs = list(self._base)
        self.report = self._judge(self.inputs)

    def change(self, buffers: Mapping[Path, bytes]) -> None:
        """Evaluate again what read a changed buffer, or everything where that does not suffice."""
        changed = {path: data for path, data in buffers.items() if self._held.get(path) != data}
        self._changes += 1
        known = all(any(_reads(one, path) for one in self._base) for path in changed)
        if self._judge is None or not known or self._changes > OFTEN or self._held.keys() - buffers.keys():
            self.read(buffers)
            return
        self.inputs = [_again(one, changed) for one in self._base]
        self.report = self._judge(self.inputs)

    def patch(self, wants: Callable[[Finding], bool], safety: Safety) -> Patch | None:
        """Fixes of the findings that are wanted, each proved; ``None`` where nothing is read."""
        if self._judge is None or self.report is None:
            return None
        return patch(self.inputs, self._judge, Asked(safety, wants))


def _reads(one: Input, path: Path) -> bool:
    return one.tree is not None and one.tree.has_read(path)


def _again(one: Input, changed: Mapping[Path, bytes]) -> Input:
    if one.tree is None or one.again is None or not any(one.tree.has_read(path) for path in changed):
        return one
    try:
        return one.again(one.tree.over(changed))
    except (BudgetExceeded, Unreadable) as error:
        gap = Gap(f"`{one.path}`", error.message, Default("nothing of it was read"), error.help)
        return Input(one.kind, one.path, 0, World(gaps=(gap,)), one.root, one.base)
