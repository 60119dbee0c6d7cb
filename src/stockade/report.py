"""The result of a scan: everything that ``show`` needs, and nothing it would have to compute.

Every function carries an answer for every control; every failing or undecided verdict is a finding;
everything that was not read is a gap. The clock is injected, and the same input gives the same
report whatever the order of files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stockade.checklist import Item
from stockade.control import Fails, Fix, Noise, Outcome, Severity, State
from stockade.source import Span

CALLED = "called here"
"""The note of evidence that shows a module call on the way to the deciding place."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place and why it is shown; the first of a finding is primary."""

    span: Span
    note: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A failing, undecided or crashed verdict with its place in the report.

    ``address`` is the subject's; ``functions`` the addresses of the functions it concerns.
    ``message`` is the whole sentence. ``doubt`` says why the subject may not exist (unknown
    ``count``), ``""`` when it certainly does. ``cause`` groups undecided findings: all that hang on
    one missing variable share it; ``""`` for other verdicts. ``help`` says what would settle it,
    apart from a fix. ``fingerprint`` comes from control, address and key, never lines.
    """

    control: str
    item: Item
    input: int
    address: str
    functions: tuple[str, ...]
    outcome: Outcome
    severity: Severity
    noise: Noise
    message: str
    cause: str
    help: str | None
    evidence: tuple[Evidence, ...]
    fix: Fix | None
    doubt: str
    suppressed: str | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class FunctionReport:
    """One function: ``input`` indexes ``Report.inputs``; ``doubt`` says why it may not exist, or ``""``.

    ``checklist`` answers every control that was asked; ``rows`` every row of the checklist, each with
    the worst answer of its controls.
    """

    input: int
    address: str
    name: str
    span: Span | None
    doubt: str
    checklist: Mapping[str, State]
    rows: Mapping[Item, State]


@dataclass(frozen=True, slots=True)
class GapReport:
    """Something that was not read. ``input`` indexes ``Report.inputs``."""

    input: int
    what: str
    reason: str
    help: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class InputReport:
    """One thing that was scanned, and how many resources of any type it holds."""

    kind: str
    path: str
    resources: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a control gave each answer, over subjects."""

    holds: int = 0
    fails: int = 0
    undecided: int = 0
    crashed: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A whole scan.

    ``items`` maps every checklist row to the controls of this version that decide it (maybe none),
    ``asked`` names those that were asked this time. ``noise`` is the level that was asked for, and
    ``withheld`` counts the findings above it by their level. ``concealed`` are the places that hold
    secrets: their text must not appear in any output, whichever excerpt they would fall into.
    """

    version: str
    data: Mapping[str, str]
    at: str
    noise: Noise
    inputs: tuple[InputReport, ...]
    functions: tuple[FunctionReport, ...]
    findings: tuple[Finding, ...]
    withheld: Mapping[Noise, int]
    gaps: tuple[GapReport, ...]
    items: Mapping[Item, tuple[str, ...]]
    asked: tuple[str, ...]
    coverage: Mapping[str, Tally]
    concealed: tuple[Span, ...]

    def worst(self) -> Severity | None:
        """The highest severity that fails and was not accepted, if any does."""
        return max(
            (f.severity for f in self.findings if isinstance(f.outcome, Fails) and f.suppressed is None),
            default=None,
        )
