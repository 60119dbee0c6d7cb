"""What is told of a run over many accounts: how much was read, how much fails, and what was not read."""

from __future__ import annotations

from collections.abc import Mapping

from stockade.control import Severity
from stockade.records import dataclass
from stockade.report import BaselineReport


@dataclass(frozen=True, slots=True)
class Failing:
    """What one control says of a whole run: findings that fail and count, and whom they concern."""

    control: str
    severity: Severity
    findings: int
    functions: int
    owners: int


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that was not read, for one reason, in ``times`` places, of which ``example`` is one."""

    what: str
    reason: str
    times: int
    example: str


@dataclass(frozen=True, slots=True)
class Posture:
    """A run: ``inputs`` are accounts and regions or root modules, ``owners`` accounts or repositories.

    ``kind`` says which. ``failing`` are findings that fail and count, by severity; ``partly`` counts the inputs
    that have a gap. What a ``baseline`` knows does not count: ``known`` findings, whatever their verdict.
    """

    run: str
    series: str
    at: str
    noise: str
    inputs: int
    owners: int
    kind: str
    functions: int
    failing: Mapping[Severity, int]
    accepted: int
    undecided: int
    crashed: int
    partly: int
    gaps: int
    controls: tuple[Failing, ...]
    unread: tuple[Unread, ...]
    baseline: BaselineReport | None = None
    known: int = 0

    def worst(self) -> Severity | None:
        """The highest severity that fails and counts, if any does."""
        return max((one for one, number in self.failing.items() if number), default=None)
