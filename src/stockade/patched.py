"""What became of fixes: the files in which they are made, and for every failing finding how it went.

Everything that ``show`` needs to tell of it; the files are not written yet, or by then somebody else's care.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from stockade.control import Fix
from stockade.records import dataclass
from stockade.report import Finding, Report
from stockade.source import Edit


class Outcome(Enum):
    """What became of a fix."""

    MADE = "made"
    """It is in the patch, and proved."""
    PERSON = "person"
    """It needs a person: it is shown only, or was not asked for at this safety, or there is none."""
    IMPOSSIBLE = "impossible"
    """It cannot be written where it would have to stand; the reason says where and why."""
    UNPROVED = "unproved"
    """That it gives nobody more access is neither proved nor disproved; nothing of it is in the patch."""
    DEFECT = "defect"
    """It failed its proof: a defect of ours, and nothing of it is in the patch."""


@dataclass(frozen=True, slots=True)
class Told:
    """A failing finding and what became of its fix. ``adds`` is access that the fix grants by its own words.

    ``reason`` is empty for what is made; ``fix`` is ``None`` for a finding that brings none. ``edits`` make
    it in the files as they were read, for what was made without waiting for another fix.
    """

    finding: Finding
    fix: Fix | None
    outcome: Outcome
    reason: str = ""
    help: str | None = None
    adds: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """One file of the patch: where it is, how people call it, and what it held and is to hold."""

    path: Path
    shown: str
    old: bytes
    new: bytes


@dataclass(frozen=True, slots=True)
class Patch:
    """Files that change, what became of every fix, and the report before anything was made."""

    files: tuple[Changed, ...]
    told: tuple[Told, ...]
    before: Report

    @property
    def made(self) -> tuple[Told, ...]:
        return tuple(one for one in self.told if one.outcome is Outcome.MADE)

    @property
    def left(self) -> tuple[Told, ...]:
        return tuple(one for one in self.told if one.outcome is not Outcome.MADE)
