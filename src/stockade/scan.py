"""Worlds and controls make a report: every control is asked of every subject, every answer is kept.

How the answers of one control become its state for a function: the worst over all subjects that
concern the function, in the order of ``_ORDER``. Findings noisier than was asked for are counted in
``Report.withheld`` instead of listed, and the control is ``not-decided`` there: nothing is said, and
nothing may be taken for a pass. A checklist row takes the worst state of its controls, where those
that do not apply, or of which only an audit would hear, count only if there are no others: a row holds
where nothing fails by the letter, listed or not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from hashlib import sha256
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from stockade import __version__
from stockade.accept import Accept, Case, Ledger
from stockade.checklist import Item
from stockade.control import Control, Crashed, Fails, Fix, Holds, Noise, Outcome, State, Undecided
from stockade.errors import BudgetExceeded
from stockade.evidence import Headers, evidence, first_line, leading_to, unique
from stockade.materials import bills_of
from stockade.memory import remembered
from stockade.model.aside import Aside, run_locally
from stockade.model.choices import Choices
from stockade.model.function import Function, name_of
from stockade.model.subject import Subject
from stockade.model.vulnerability import Advisories
from stockade.model.world import Gap, World
from stockade.needs.enrich import Analyses, enriched
from stockade.patterns import lazy_regex
from stockade.piece import Draft, Piece
from stockade.read.inputs import Input
from stockade.records import dataclass
from stockade.report import (
    Bill,
    Evidence,
    Finding,
    FunctionReport,
    GapReport,
    InputReport,
    Report,
    Tally,
)
from stockade.source import Span
from stockade.value import Origin, Unknown, places, written

if TYPE_CHECKING:
    from stockade.baseline import Baseline

_ORDER = (
    State.NOT_APPLICABLE,
    State.HOLDS,
    State.NOT_DECIDED,  # an audit's finding that is withheld: of the row others may speak
    State.ACCEPTED,
    State.NOT_DECIDED,
    State.UNDECIDED,
    State.FAILS,
    State.CRASHED,
)
_RANK = {state: rank for rank, state in enumerate(_ORDER)}
_NOT_APPLICABLE, _HOLDS, _ASIDE, _, _NOT_DECIDED = range(5)
_NO_DATA: Mapping[str, str] = MappingProxyType({})


Mends: TypeAlias = "Callable[[Input], Callable[[Fix], Fix] | None]"
"""For an input what says of a fix how it is made there; ``None`` where nothing more is to be said."""


def scan(
    inputs: Iterable[Input],
    controls: Sequence[Control[Any]],
    *,
    at: str,
    only: Collection[str] | None = None,
    baseline: Baseline | None = None,
    **asked: Any,
) -> Report:
    """Ask every control (or those named in ``only``) of every subject of every input.

    Inputs are taken one at a time, so that an iterator of them need not fit in memory. What ``baseline`` knows
    is listed and does not count. The rest is as ``Scan`` takes it.
    """
    whole = Scan(controls, at=at, only=only, **asked)
    return whole.report((whole.piece(index, one) for index, one in enumerate(inputs)), baseline)


class Scan:
    """What is asked of every input, and how the answers become a report.

    ``at`` is the time of the scan in ISO 8601; ``data`` names the dated tables behind the answers. ``accepts``
    are the configuration's, beside which the comments of every world count; ``accounts`` are the owner's own;
    ``choices`` what they want fixes to say; ``checkov_skips`` says that a reason written for Checkov is one for
    the control that finds the same. ``advisories`` are what is known of vulnerabilities, ``materials`` asks for
    bills of what ships; ``mends`` adds to the fixes of an input how they are made there. ``analyses`` of source
    are kept by who scans the same inputs again. A control that raises makes a ``Crashed`` finding and the scan
    goes on; nothing else is caught.
    """

    def __init__(
        self,
        controls: Sequence[Control[Any]],
        *,
        at: str,
        noise: Noise = Noise.REGULAR,
        only: Collection[str] | None = None,
        accepts: Iterable[Accept] = (),
        accounts: frozenset[str] = frozenset(),
        choices: Choices | None = None,
        checkov_skips: bool = True,
        data: Mapping[str, str] = _NO_DATA,
        advisories: Advisories | None = None,
        materials: bool = False,
        mends: Mends | None = None,
        analyses: Analyses | None = None,
    ) -> None:
        self.asked = tuple(one for one in controls if only is None or one.name in only)
        self.noise = noise
        self.accepts = tuple(accepts)
        self._at = at
        self._data = data
        self._materials = materials
        self._mends = mends
        self._analyses = Analyses() if analyses is None else analyses
        self._items = {item: tuple(one.name for one in controls if one.item is item) for item in Item}
        self._today = date.fromisoformat(at[:10])
        self._known = {one.name for one in controls}
        self._same_as = {check: one.name for one in controls for check in one.same_as if checkov_skips}
        self._said: dict[str, Any] = {
            "today": self._today,
            "accounts": accounts,
            "choices": choices or Choices(),
            "advisories": advisories,
        }

    def piece(self, index: int, source: Input) -> Piece:
        """What is found in one input, which is the ``index``th of the report."""
        world = enriched(replace(source.world, **self._said), self._analyses)
        out = _Results(self.asked, self._items, self.noise, self._ledger(), mends=self._mends)
        out.add(index, source, world)
        return Piece(
            InputReport(source.kind, source.path, source.resources, source.root),
            tuple(out.functions),
            tuple(out.drafts),
            tuple(out.gaps),
            frozenset(out.concealed),
            out.coverage,
            out.ledger.page(),
            tuple(bills_of(index, world)) if self._materials else (),
        )

    def report(self, pieces: Iterable[Piece], baseline: Baseline | None = None) -> Report:
        """All pieces, in the order of their inputs, as the report of the scan."""
        ledger = self._ledger()
        reports: list[InputReport] = []
        functions: list[FunctionReport] = []
        drafts: list[Draft] = []
        gaps: list[GapReport] = []
        concealed: set[Span] = set()
        bills: list[Bill] = []
        coverage: dict[str, Counter[str]] = {one.name: Counter() for one in self.asked}
        for piece in pieces:
            reports.append(piece.input)
            functions += piece.functions
            drafts += piece.drafts
            gaps += piece.gaps
            concealed |= piece.concealed
            bills += piece.bills
            ledger.add(piece.page)
            for name, counts in piece.coverage.items():
                coverage[name].update(counts)
        findings = [compared(one, baseline) for one in _numbered(drafts)]
        noisier = Counter(one.noise for one in findings if one.noise > self.noise)
        asked = tuple(one.name for one in self.asked)
        return Report(
            version=__version__,
            data=dict(self._data),
            at=self._at,
            noise=self.noise,
            inputs=tuple(reports),
            functions=tuple(functions),
            findings=tuple(one for one in findings if one.noise <= self.noise),
            withheld=dict(sorted(noisier.items())),
            gaps=_sorted_gaps(gaps),
            items=self._items,
            asked=asked,
            coverage={name: Tally(**counts) for name, counts in coverage.items()},
            concealed=tuple(sorted(concealed, key=lambda span: (span.path, span.start, span.end))),
            notices=ledger.notices(),
            bills=tuple(bills),
            quiet=tuple(one for one in findings if one.noise > self.noise),
            baseline=baseline.compared(findings, asked, (one.root for one in reports)) if baseline else None,
        )

    def _ledger(self) -> Ledger:
        asked = {one.name for one in self.asked}
        return Ledger(self._known, asked, self._today, self.accepts, self._same_as)


@dataclass
class _Results:
    """What has been found so far in one input."""

    asked: tuple[Control[Any], ...]
    items: Mapping[Item, tuple[str, ...]]
    noise: Noise
    ledger: Ledger
    functions: list[FunctionReport] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    gaps: list[GapReport] = field(default_factory=list)
    concealed: set[Span] = field(default_factory=set)
    mends: Mends | None = None
    coverage: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    silent: bool = False  # whether nothing at all is accepted here, as in most projects

    def add(self, index: int, source: Input, world: World) -> None:
        """Ask everything of one world."""
        self.ledger.open(world.remarks)
        functions = sorted(world.subjects(Function), key=lambda one: one.address)
        ranks = {one.address: [_NOT_APPLICABLE] * len(self.asked) for one in functions}
        names = {one.address: name_of(one) for one in functions}
        mended = self.mends(source) if self.mends else None
        scene = _Scene(index, source, world, _aside(source, world), names, Headers(world), ranks, mended)
        self.silent = self.ledger.is_empty
        for number, control in enumerate(self.asked):
            check, held = control.check, 0
            for subject, concerned in scene.subjects(control.subject):
                outcome: Outcome | None
                try:
                    outcome = check(subject, world)
                except BudgetExceeded as error:
                    outcome = Undecided(Unknown(error.message, subject.origin))
                except Exception as error:  # a defect in a control must not cost the others' answers
                    name = type(error).__name__
                    outcome = Crashed(f"{name}: {error}" if str(error) else name)
                if outcome is None:
                    continue
                if isinstance(outcome, Holds):
                    held += 1
                    rank = _HOLDS
                else:
                    rank = self._found(control, subject, outcome, scene)
                for row in concerned:
                    if rank > row[number]:
                        row[number] = rank
            if held:
                self.coverage[control.name]["holds"] += held
        asked = [one.name for one in self.asked]
        told: dict[tuple[int, ...], tuple[dict[str, State], dict[Item, State]]] = {}
        for one in functions:
            answers = tuple(ranks[one.address])
            if answers not in told:
                told[answers] = (
                    {name: _ORDER[rank] for name, rank in zip(asked, answers, strict=True)},
                    _rows(dict(zip(asked, answers, strict=True)), self.items),
                )
            checklist, rows = told[answers]
            self.functions.append(
                FunctionReport(
                    input=index,
                    address=one.address,
                    name=names[one.address],
                    span=next((first_line(place.span) for place in places(one.origin)), None),
                    doubt=one.doubt.reason if one.doubt else "",
                    checklist=checklist,
                    rows=rows,
                    role=written(one.role),
                    runtime=written(one.runtime),
                )
            )
        for gap in (*world.gaps, *_told_aside(scene)):
            shown = unique(Evidence(place.span, "") for place in places(gap.origin))
            self.gaps.append(GapReport(index, gap.what, gap.reason, gap.help, shown, gap.spare, gap.about))

    def _found(
        self,
        control: Control[Any],
        subject: Subject,
        outcome: Fails | Undecided | Crashed,
        scene: _Scene,
    ) -> int:
        """What one control says against one subject, written down; the rank of its state."""
        if isinstance(outcome, Fails) and scene.source.reading and scene.source.reading.surroundings:
            outcome = outcome.filled(scene.source.reading.surroundings)
        if isinstance(outcome, Fails) and outcome.secret:
            found = (place.span for place in places(outcome.because))
            self.concealed.update(span for span in found if not span.source.bare)
        state = _state(outcome)
        self.coverage[control.name][state._value_] += 1
        finding = _finding(control, subject, outcome, scene)
        if not self.silent:
            finding = self._accepted(finding, subject, scene)
        if scene.mended and finding.fix and finding.noise <= self.noise:
            finding = replace(finding, fix=scene.mended(finding.fix))
        self.drafts.append(Draft(finding, scene.source.root, subject.key))
        if finding.noise > self.noise and not _is_told(outcome):
            return _ASIDE if finding.noise is Noise.AUDIT else _NOT_DECIDED  # what is withheld is no pass
        return _RANK[State.ACCEPTED if finding.suppressed else state]

    def _accepted(self, finding: Finding, subject: Subject, scene: _Scene) -> Finding:
        """The finding, marked where its owner accepts it. A defect of ours is not theirs to accept."""
        outcome = finding.outcome
        told_by = (outcome.told_by,) if isinstance(outcome, Fails) and outcome.told_by else ()
        controls = (finding.control, *told_by)
        if isinstance(outcome, Crashed) or not self.ledger.concerns(controls):
            return finding
        own = (one.span for one in finding.evidence[:1])
        resource = (one.span for one in finding.evidence[1:] if one.note == finding.address)
        files = [scene.source.base / span.path for span in (*own, *resource)]
        functions = tuple((address, scene.names[address]) for address in finding.functions)
        case = Case(
            controls, finding.address, functions, tuple(leading_to(finding.evidence, outcome, subject)), files
        )
        if finding.noise < Noise.STRICT and isinstance(outcome, Fails) and self.ledger.is_hushed(case):
            finding = replace(finding, noise=Noise.STRICT)
        return replace(finding, suppressed=self.ledger.accepted(case))


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """One input while it is asked: its functions' names, where its addresses are written, and the ranks of
    every function's answers so far, in the order of the controls."""

    index: int
    source: Input
    world: World
    aside: Aside | None
    names: Mapping[str, str]
    headers: Headers
    ranks: Mapping[str, list[int]]
    mended: Callable[[Fix], Fix] | None = None
    _concerned: dict[Subject, tuple[str, ...]] = field(default_factory=dict)
    _subjects: dict[type, list[tuple[Any, tuple[list[int], ...]]]] = field(default_factory=dict)

    def concerned(self, subject: Subject) -> tuple[str, ...]:
        """The addresses of the functions that a subject concerns."""
        found = self._concerned.get(subject)
        if found is None:
            functions = self.world.functions_of(subject)
            addresses = [one.address for one in functions]
            found = self._concerned[subject] = tuple(sorted({*addresses}) if len(addresses) > 1 else addresses)
        return found

    def subjects(self, kind: type) -> list[tuple[Any, tuple[list[int], ...]]]:
        """All subjects of one kind, each with the ranks of the functions that it concerns."""
        found = self._subjects.get(kind)
        if found is None:
            subjects: Sequence[Any] = self.world.subjects(kind)
            found = self._subjects[kind] = [
                (one, tuple([self.ranks[address] for address in self.concerned(one)])) for one in subjects
            ]
        return found


def _aside(source: Input, world: World) -> Aside | None:
    """Why an input, or a part of it, is not what is deployed."""
    return (source.reading.aside if source.reading else None) or run_locally(world.environment)


def _told_aside(scene: _Scene) -> Iterator[Gap]:
    if scene.aside is not None and scene.names:
        reason = f"it {scene.aside.what}; its findings, secrets apart, are shown from `strict` on"
        yield Gap(f"`{scene.source.path}`", reason, scene.aside.origin, spare=True)


def _state(outcome: Fails | Undecided | Crashed) -> State:
    match outcome:
        case Fails():
            return State.FAILS
        case Undecided():
            return State.UNDECIDED
        case Crashed():
            return State.CRASHED
        case _:
            assert_never(outcome)


def _is_told(outcome: Outcome) -> bool:
    return isinstance(outcome, Fails) and bool(outcome.told_by)


def _rows(ranks: Mapping[str, int], items: Mapping[Item, tuple[str, ...]]) -> dict[Item, State]:
    """The state of every checklist row of one function."""
    rows: dict[Item, State] = {}
    for item, controls in items.items():
        answers = [ranks.get(name, _NOT_DECIDED) for name in controls] or [_NOT_DECIDED]
        told = [rank for rank in answers if rank not in (_NOT_APPLICABLE, _ASIDE)]
        rows[item] = _ORDER[max(told or answers)]
    return rows


# ---------------------------------------------------------------------------------------- findings


def _finding(
    control: Control[Any], subject: Subject, outcome: Fails | Undecided | Crashed, scene: _Scene
) -> Finding:
    severity, noise, fix, cause, help = control.severity, control.noise, None, "", None
    also: tuple[Origin, ...] = ()
    if isinstance(outcome, Fails):
        message, because, fix, also = outcome.message, outcome.because, outcome.fix, outcome.also
        severity = outcome.severity or severity
        noise = Noise.AUDIT if outcome.told_by else outcome.noise or noise
    elif isinstance(outcome, Undecided):
        cause, because = outcome.because.reason, outcome.because.origin
        message, help = f"not known: {cause}", _remedy(cause)
    else:
        message, because, noise = f"the control itself failed: {outcome.error}", subject.origin, Noise.REGULAR
        help = "this is a defect of Stockade: please report it"
    shown = evidence(subject, because, also, scene.headers)
    if scene.aside and isinstance(outcome, Fails) and not outcome.secret and shown:
        noise = max(noise, Noise.STRICT) if scene.aside.covers(shown[0].span.path) else noise
    address = subject.address
    fingerprint = _fingerprint(scene.source.root, control.name, address, subject.key)
    # By position: names would cost more than all the rest.
    return Finding(
        control.name,
        control.item,
        scene.index,
        address,
        scene.concerned(subject),
        outcome,
        severity,
        noise,
        message,
        cause,
        help,
        shown,
        fix,
        subject.doubt.reason if subject.doubt else "",
        None,
        fingerprint,
    )


_MISSING_VARIABLE = lazy_regex(r"variable `([A-Za-z_][\w-]*)` has no default")


_REMEDIES = {
    "the package is not there": "build it first, or say where it is: `--package NAME=PATH`",
    "its role may make none": "declare the log group, with a retention, and let the role write to it",
    "the package lies outside": "scan a directory that holds it too, or say where it is: `--package NAME=PATH`",
    "the package is kept in S3": "say where what was put there lies: `--package NAME=PATH`",
    "is built and kept elsewhere": "save it with `docker save` and give that: `--package NAME=IMAGE.tar`",
    "its module is not downloaded": "run `terraform get` in the root module, then scan again",
    "no advisories were given": "run `stockade advisories update`, or give a report: `--advisories FILE`",
    "the advisories that were given are not": "run `stockade advisories update`",
}


@remembered(1 << 10)  # what is not known of one is mostly not known of many
def _remedy(cause: str) -> str | None:
    """What a user can do about an unknown, where a user can."""
    found = _MISSING_VARIABLE.search(cause)
    if found:
        return f"give it: `--var {found[1]}=…` or `--var-file FILE`"
    return next((help for said, help in _REMEDIES.items() if said in cause), None)


def _numbered(drafts: Iterable[Draft]) -> Iterator[Finding]:
    """The findings in the report's order, each with its fingerprint.

    Equal ones differ in their number alone, so that one more of them makes exactly one more fingerprint,
    whichever of them it is.
    """
    seen: dict[str, int] = {}
    for draft in sorted(drafts, key=attrgetter("order")):
        one = draft.finding
        number = seen.get(one.fingerprint, 0)
        seen[one.fingerprint] = number + 1
        if number:
            own = _fingerprint(draft.root, one.control, one.address, draft.key, str(number))
            yield replace(one, fingerprint=own)
        else:
            yield one


def _fingerprint(*identity: str) -> str:
    return sha256("\0".join(identity).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def compared(finding: Finding, baseline: Baseline | None) -> Finding:
    """The finding, marked where a baseline knows it and its owner says nothing of it."""
    if baseline is None or finding.suppressed is not None:
        return finding
    return replace(finding, suppressed=baseline.known(finding))


def _sorted_gaps(gaps: Iterable[GapReport]) -> tuple[GapReport, ...]:
    def order(gap: GapReport) -> tuple[Any, ...]:
        first = gap.evidence[0].span if gap.evidence else None
        return (gap.input, first.path if first else "", first.start if first else 0, gap.what, gap.reason)

    return tuple(sorted(dict.fromkeys(gaps), key=order))
