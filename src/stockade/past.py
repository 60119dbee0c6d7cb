"""What is told of runs that were kept: the runs, how many of each answer a control gave, and what changed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from stockade.control import Severity
from stockade.records import dataclass


class Turn(Enum):
    """What became of a finding from one run to a later one."""

    NEW = "new"
    """It fails, and in no run before did."""
    REOPENED = "reopened"
    """It fails again: it did once, and was not there in between."""
    FIXED = "fixed"
    """It failed, and the same control, asked of the same input, says so no longer."""
    GONE = "gone"
    """It failed, and all functions it was about are no longer there."""
    ACCEPTED = "accepted"
    """It failed, and still does; its owner accepts it now."""
    UNKNOWN = "unknown"
    """It failed, and now nobody can say."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run that was kept. ``open`` counts what fails and was not accepted."""

    run: str
    series: str
    at: str
    version: str
    noise: str
    asked: tuple[str, ...]
    roots: tuple[str, ...]
    paths: tuple[str, ...]
    functions: int
    open: int
    accepted: int
    undecided: int
    crashed: int
    gaps: int


@dataclass(frozen=True, slots=True)
class Count:
    """How often one control gave each answer in one run, over subjects; ``fails`` without what was accepted."""

    holds: int
    fails: int
    accepted: int
    undecided: int
    crashed: int


@dataclass(frozen=True, slots=True)
class Change:
    """A finding that is not what it was; ``why`` says on what it is not known, if so.

    ``functions`` are names where the run knows them, else addresses.
    """

    turn: Turn
    control: str
    severity: Severity
    root: str
    address: str
    functions: tuple[str, ...]
    message: str
    path: str | None
    line: int | None
    fingerprint: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """The runs of one series, oldest first, and what changed up to the last of them.

    ``trend`` has for every control its count in each of ``runs``, ``None`` in one that did not ask it.
    ``bases`` are the runs that the last is compared with: for every input and control the one before that
    looked at both. ``unseen`` says what of them the last run did not look at, ``unread`` what is kept and
    could not be read, ``others`` counts the runs of other series.
    """

    series: str
    runs: tuple[Run, ...]
    trend: Mapping[str, tuple[Count | None, ...]]
    bases: tuple[str, ...]
    changes: tuple[Change, ...]
    unseen: tuple[str, ...]
    unread: tuple[str, ...]
    others: int
    open: int = 0
    """Findings that fail in the last run and are what they were."""
