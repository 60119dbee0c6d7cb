"""The result of a scan: everything that ``show`` needs, and nothing it would have to compute.

Every function carries an answer for every control; every failing or undecided verdict is a finding;
everything that was not read is a gap. The clock is injected, and the same input gives the same
report whatever the order of files.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from stockade.control import Fails, Fix, Noise, Outcome, Severity, State
from stockade.records import dataclass, record
from stockade.source import Span

if TYPE_CHECKING:
    from stockade.checklist import Item
    from stockade.model.dependency import Component
    from stockade.model.vulnerability import Vulnerability

CALLED = "called here"
"""The note of evidence that shows a module call on the way to the deciding place."""


@record
class Evidence:
    """A place and why it is shown; the first of a finding is primary."""

    span: Span
    note: str


class SuppressionKind(Enum):
    """Who keeps a finding from counting: a comment, the configuration, or a baseline."""

    COMMENT = "comment"
    CONFIGURATION = "configuration"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding is listed and does not count; ``place`` is where that is said, ``until`` its last day."""

    kind: SuppressionKind
    reason: str
    place: Span | None = None
    until: date | None = None


@record
class Finding:
    """A failing, undecided or crashed verdict with its place in the report.

    ``address`` is the subject's; ``functions`` the addresses of the functions it concerns.
    ``message`` is the whole sentence. ``doubt`` says why the subject may not exist (unknown
    ``count``), ``""`` when it certainly does. ``cause`` groups undecided findings: all that hang on
    one missing variable share it; ``""`` for other verdicts. ``help`` says what would settle it,
    apart from a fix. ``suppressed`` says why it does not count, ``None`` when it does.
    ``fingerprint`` comes from the input's root, control, address and key, never lines.
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
    suppressed: Suppression | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class FunctionReport:
    """One function: ``input`` indexes ``Report.inputs``; ``doubt`` says why it may not exist, or ``""``.

    ``checklist`` answers every control that was asked; ``rows`` every row of the checklist, each with
    the worst answer of its controls. ``role`` is what it runs as (an ARN, or a reference where only deployment
    will know it) and ``runtime`` what runs it, ``None`` where that is not known: for a store, not for outputs.
    """

    input: int
    address: str
    name: str
    span: Span | None
    doubt: str
    checklist: Mapping[str, State]
    rows: Mapping[Item, State]
    role: str | None = None
    runtime: str | None = None


@dataclass(frozen=True, slots=True)
class GapReport:
    """Something that was not read. ``input`` indexes ``Report.inputs``. A ``spare`` one loses nothing.

    ``about`` are all the things it concerns, where ``what`` names the first of many.
    """

    input: int
    what: str
    reason: str
    help: str | None
    evidence: tuple[Evidence, ...]
    spare: bool = False
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputReport:
    """One thing that was scanned, and how many resources of any type it holds.

    ``root`` is its path inside of its repository, wherever the scan began.
    """

    kind: str
    path: str
    resources: int
    root: str = ""


class NoticeKind(Enum):
    """What is the matter with an owner's accept (not understood, over, or without anything to accept); or that

    IAM Access Analyzer, where it was asked, gave another answer than ours.
    """

    REFUSED = "refused"
    EXPIRED = "expired"
    UNUSED = "unused"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the owner should look at again; it changes no verdict and no exit status."""

    kind: NoticeKind
    message: str
    help: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class BaselineReport:
    """The baseline of a scan: how many findings it holds, and how many of those are gone by now.

    ``revision`` is the revision of the repository that was scanned for it, empty for a file.
    """

    path: str
    at: str
    findings: int
    gone: int
    revision: str = ""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """How often IAM Access Analyzer was asked and what came of it; each difference is a notice.

    ``beside`` are answers to what we have no answer to, or none that is decided. ``unasked`` says how many
    policies could not be sent, by the reason. ``billed`` are the calls that AWS bills.
    """

    agrees: int
    differs: int
    beside: int
    unanswered: int
    unasked: Mapping[str, int]
    billed: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a control gave each answer, over subjects."""

    holds: int = 0
    fails: int = 0
    undecided: int = 0
    crashed: int = 0


@dataclass(frozen=True, slots=True)
class Bill:
    """What one function ships of third parties, for a bill of materials.

    ``vulnerabilities`` are by package URL. ``reason`` says why not all is known, empty where it is;
    ``complete`` says that all of it is installed or locked.
    """

    input: int
    address: str
    name: str
    components: tuple[Component, ...]
    vulnerabilities: Mapping[str, tuple[Vulnerability, ...]]
    reason: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A whole scan.

    ``items`` maps every checklist row to the controls of this version that decide it (maybe none),
    ``asked`` names those that were asked this time. ``noise`` is the level that was asked for, and
    ``withheld`` counts the findings above it by their level. ``concealed`` are the places that hold
    secrets: their text must not appear in any output, whichever excerpt they would fall into.
    ``configuration`` is the file that set what nobody said at the command line, ``excluded`` the root
    modules that it leaves out; ``notices`` what is the matter with the owner's accepts, and where ``analyzer``,
    IAM Access Analyzer where it was asked, says something else. ``bills`` are there for
    formats that ask for them. ``quiet`` are the findings that ``withheld`` counts: no output lists them, and
    a store keeps them, lest what became softer reads as fixed.
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
    notices: tuple[Notice, ...] = ()
    baseline: BaselineReport | None = None
    configuration: str | None = None
    excluded: tuple[str, ...] = ()
    bills: tuple[Bill, ...] = ()
    quiet: tuple[Finding, ...] = ()
    analyzer: SecondOpinion | None = None

    def worst(self) -> Severity | None:
        """The highest severity that fails and counts, if any does."""
        return max(
            (f.severity for f in self.findings if isinstance(f.outcome, Fails) and f.suppressed is None),
            default=None,
        )
