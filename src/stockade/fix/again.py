"""Inputs as a batch of fixes makes them: read and asked again, unless an earlier try of the round has done so.

A batch that fails is tried again without some of its fixes. To an input that reads none of the files which
those changed it says what it said: what was read of it, found in it and proved of it then is used again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TypeAlias

from stockade.errors import FixError
from stockade.fix.editor import Checking, Site, editor_of
from stockade.fix.proof import Claim, Failure, State, holding, prove
from stockade.read.files import Tree
from stockade.read.inputs import Input
from stockade.records import dataclass
from stockade.report import Finding, Report

Judge: TypeAlias = Callable[[Sequence[Input]], Report]
"""Asks the controls about inputs, as a scan does."""

_Files: TypeAlias = Mapping[Path, bytes]


@dataclass(eq=False)
class _Kept:
    """What one try made of an input: with which bytes, what was read and found, and what was proved of whom."""

    files: _Files
    held: _Files
    input: Input
    findings: tuple[Finding, ...] = ()
    holding: frozenset[tuple[str, str]] = frozenset()
    proved: list[tuple[tuple[Claim, ...], Failure]] = field(default_factory=list)

    def serves(self, before: Input, files: _Files) -> bool:
        """Whether the input reads the same with these bytes: it read no file in which they differ.

        What it was handed without reading it is what it is now, for whoever reads it later on.
        """
        others = [one for one in {*files, *self.files} if files.get(one) != self.files.get(one)]
        if any(_reads(self.input, one) for one in others):
            return False
        if self.input.tree is not None and before.tree is not None:
            self.input.tree.hand({one: files.get(one) for one in others if one in self.held}, before.tree)
        handed = {one: files.get(one, data) for one, data in self.held.items()}
        self.held = {one: data for one, data in handed.items() if one in files}
        self.files = files
        return True


class Readings:
    """Readings of inputs over one state after the other, each of which is kept until the next."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._state: State | None = None
        self._kept: dict[int, _Kept] = {}

    def of(self, state: State, touched: Sequence[int], files: _Files) -> State:
        """The state after ``files`` have other bytes; ``touched`` are the inputs that read any of them."""
        if state is not self._state:
            self._state, self._kept = state, {}
        kept = {
            index: one
            for index in touched
            if (one := self._kept.get(index)) is not None and one.serves(state.inputs[index], files)
        }
        left = [index for index in touched if index not in kept]
        for held in (self._narrow(state, files), lambda _: files):
            self._read(state, left, files, held)
            # What an input reads only by what was changed is handed to it at the second time.
            left = [index for index in left if self._misses(index)]
            if not left:
                break
        inputs, findings, holds = dict(state.inputs), dict(state.findings), dict(state.holding)
        for index in touched:
            one = self._kept[index]
            inputs[index], findings[index], holds[index] = one.input, one.findings, one.holding
        return State(inputs, findings, holds)

    @staticmethod
    def _narrow(state: State, files: _Files) -> Callable[[int], _Files]:
        return lambda index: {path: data for path, data in files.items() if _reads(state.inputs[index], path)}

    def _misses(self, index: int) -> bool:
        kept = self._kept[index]
        return any(_reads(kept.input, path) for path in kept.files if path not in kept.held)

    def _read(self, state: State, some: Sequence[int], files: _Files, held: Callable[[int], _Files]) -> None:
        for index in some:
            one, mine = state.inputs[index], held(index)
            if one.tree is not None and one.again is not None:
                one = one.again(one.tree.over(mine))  # of its own, to know what it reads
            self._kept[index] = _Kept(files, mine, one)
        if not some:
            return
        report = self._judge([self._kept[index].input for index in some])
        found: dict[int, list[Finding]] = {place: [] for place in range(len(some))}
        for finding in report.findings:
            found[finding.input].append(finding)
        holds = holding(report)
        for place, index in enumerate(some):
            self._kept[index].findings = tuple(replace(one, input=index) for one in found[place])
            self._kept[index].holding = holds.get(place, frozenset())

    def proved(self, before: State, after: State, claims: Sequence[Claim], index: int) -> Failure:
        """What is wrong with one input in a state that was made here, of all claims those on it counting."""
        mine = tuple(one for one in claims if one.finding.input == index)
        kept = self._kept[index]
        for some, failure in kept.proved:
            if len(some) == len(mine) and all(one is other for one, other in zip(some, mine, strict=True)):
                return failure
        failure = prove(before, after, mine, [index])
        wrong = _complaints(before.inputs[index], after.inputs[index])
        failure.others += wrong
        failure.inputs |= {index} if wrong else set()
        kept.proved.append((mine, failure))
        return failure


def _reads(one: Input, path: Path) -> bool:
    tree: Tree | None = one.tree
    return tree is not None and tree.has_read(path)


def _complaints(before: Input, after: Input) -> list[str]:
    """What the dialect's own tools would refuse."""
    sites = [
        Site(one.reading, one.world, one.tree)
        for one in (before, after)
        if one.reading is not None and one.tree is not None
    ]
    if len(sites) < 2:
        return []
    try:
        editor = editor_of(sites[0])
    except FixError:
        return []
    return list(editor.complaints(sites[1])) if isinstance(editor, Checking) else []
