"""A report for a person at a terminal: what was scanned, the checklist, what to do, what is not known.

The same report gives the same lines, without colour too. Nothing is computed here but what belongs
together; nothing from the input reaches the terminal unescaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field

from rich.cells import cell_len
from rich.console import Console

from stockade.control import Crashed, Fails, Noise, Safety, Severity, Undecided
from stockade.records import dataclass
from stockade.report import CALLED, Evidence, Finding, Report
from stockade.show import groups
from stockade.show.checklist import LABELS, glance, undecided_rows
from stockade.show.excerpt import excerpt, first_line
from stockade.show.paper import SEVERITY_STYLES, Paper, Piece, counted, listed
from stockade.show.told import second
from stockade.source import Span

PLACES = 8
"""How many further places of one sentence are listed."""

ALSO = 3
"""How many further places of one finding are listed."""

NEAR = 4
"""Further places within so many lines are shown in the same excerpt."""

_SAFETY = {
    Safety.SHOW: "to be made by hand",
    Safety.BREAKING: "breaks the function until its code is changed",
    Safety.REVIEW: "to be reviewed",
    Safety.SAFE: "safe to apply",
}


def show(report: Report, console: Console) -> None:
    """Write a report."""
    paper = Paper(console)
    _header(paper, report)
    glance(paper, report)
    _failures(paper, report)
    _undecided(paper, report)
    _crashed(paper, report)
    _gaps(paper, report)
    _accepted(paper, report)
    _known(paper, report)
    _notices(paper, report)
    _second(paper, report)
    _summary(paper, report)


def _header(paper: Paper, report: Report) -> None:
    resources = sum(one.resources for one in report.inputs)
    paths = listed([one.path for one in report.inputs], 3)
    paper.prose(
        ("stockade ", "bold"),
        (report.version, "bold"),
        f" · {paths} · {counted(len(report.functions), 'function')} in {counted(resources, 'resource')}",
    )
    if not report.functions:
        paper.blank()
        unread = "No Lambda function was found in what could be read; see below what was not."
        paper.prose(unread if report.gaps else "There are no Lambda functions here.")


# ---------------------------------------------------------------------------------------- failures


def _failures(paper: Paper, report: Report) -> None:
    entries = groups.failures(report)
    if not entries:
        return
    number = sum(len(one.findings) for one in entries)
    kinds = f"{number:,} of {counted(len(entries), 'kind')}" if number > len(entries) else f"{number:,}"
    paper.heading("Findings", kinds)
    told = _Told()
    for position, entry in enumerate(entries):
        if position:
            paper.blank()
        _entry(paper, report, entry, told)
    paper.blank()
    paper.prose(("Why each of them matters: ", "dim"), "stockade explain ", _example(entries), indent=2)


def _example(entries: list[groups.Entry]) -> str:
    """What to ask about: the control of the only kind, or any."""
    names = {entry.first.control for entry in entries}
    return next(iter(names)) if len(names) == 1 else "CONTROL"


@dataclass
class _Told:
    """What was told already and need not be again: who is meant, where something is missing, what to mind.

    ``functions`` and ``lacking`` know the control that told it.
    """

    functions: dict[frozenset[str], str] = field(default_factory=dict)
    lacking: dict[Span, str] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)


def _entry(paper: Paper, report: Report, entry: groups.Entry, told: _Told) -> None:
    first = entry.first
    style = SEVERITY_STYLES[first.severity]
    paper.prose(
        (first.severity.name.lower(), style),
        (f"[{first.control}]", style.removeprefix("bold ")),
        ": ",
        (entry.together or first.message, "bold"),
        hang=2,
    )
    if entry.together:
        _of_all(paper, report, entry, told)
        return
    place = first.evidence[0] if first.evidence else None
    # What is not written cannot be shown: the resource that lacks it is, once.
    before = told.lacking.get(place.span) if place and place.note else None
    if place and before:
        paper.prose(f"{_at(place)}", (f"  as for {before}", "dim"), indent=3, lead=("--> ", "dim"))
        _what_to_do(paper, first, told)
        _further(paper, report, entry)
        return
    if place and place.note:
        told.lacking[place.span] = first.control
    own = next((one.span for one in first.evidence[1:] if one.note == first.address), None)
    chain = [one for one in first.evidence[1:] if one.note == CALLED]
    others = [one for one in first.evidence[1:] if one.note not in (CALLED, first.address)]
    if first.evidence:
        primary = first.evidence[0]
        near = [one for one in others if not one.note and _near(one.span, primary.span)]
        others = [one for one in others if one not in near]
        context = [one.span for one in near] + ([own] if own and own.line < primary.span.line else [])
        excerpt(paper, primary.span, primary.note, report.concealed, context)
        if own and (own.source is not primary.span.source or own.line > primary.span.line):
            _fact(paper, "of", first.address, f"  {own.path}:{own.line}")
    else:
        paper.line(("   --> ", "dim"), (first.address, "bold"))
    _see(paper, report, others)
    for one in chain:
        _place(paper, report, "through", one)
    findings = next(iter(entry.places.values())).findings
    if chain and len(findings) > 1:
        _fact(paper, "", f"and {counted(len(findings) - 1, 'other call')}")
    names = _names(report, findings)
    if names:
        _fact(paper, "function" if len(names) == 1 else "functions", listed(names, 3))
    elif first.evidence:
        _fact(paper, "of", first.address)
    if first.doubt:
        _fact(paper, "doubt", f"it may not exist: {first.doubt}")
    if isinstance(first.outcome, Fails) and (request := first.outcome.shown()):
        _fact(paper, "witness", request.sentence())
        for following in first.outcome.then:
            _fact(paper, "then", following.sentence())
    _what_to_do(paper, first, told)
    _further(paper, report, entry)


def _what_to_do(paper: Paper, first: Finding, told: _Told, each: str = "") -> None:
    """The fix, with what to mind where that was not said before."""
    if first.fix is None:
        return
    _fact(paper, "fix", f"{each}{first.fix.title}", f" ({_SAFETY[first.fix.safety]})")
    if first.fix.note and first.fix.note not in told.notes:
        told.notes.add(first.fix.note)
        _fact(paper, "note", first.fix.note)
    codes = [one for one in first.fix.code if one.language == "shell"] or first.fix.code
    # What is for a person to decide, `fix --live` does not print: one of them says how the others go.
    by_hand, of = first.fix.safety is Safety.SHOW, ", for the first of them" if each else ""
    if each and not by_hand and codes and codes[0].language == "shell":
        _fact(paper, "code", "`stockade fix --live` prints the commands")
    for code in codes if not each or (by_hand and codes[:1] and codes[0].language == "shell") else ():
        _fact(paper, "code", f"in {code.language}{of}:")
        for line in code.text.splitlines():
            paper.line(line, indent=8)


def _of_all(paper: Paper, report: Report, entry: groups.Entry, told: _Told) -> None:
    """Where every function is of which one sentence is told, and what would mend each."""
    first = entry.first
    functions = frozenset(f"{one.input} {address}" for one in entry.findings for address in one.functions)
    if before := told.functions.get(functions):
        _fact(paper, "functions", f"the same {len(functions):,} as for {before}")
    else:
        paper.line(("= functions", "dim"), indent=4)
        _listing(paper, report, entry, list(entry.places.values()))
        told.functions[functions] = first.control
    _what_to_do(paper, first, told, "for each: ")


def _fact(paper: Paper, word: str, text: str, aside: str = "") -> None:
    """A line below an excerpt: a word, and what it says."""
    paper.prose(text, (aside, "dim"), indent=4, lead=(f"{'=' if word else ' '} {word:<9} ", "dim"))


def _see(paper: Paper, report: Report, others: Sequence[Evidence]) -> None:
    """Other places that have a share in it: a few each with what is there, many in a line for each file."""
    plain = [one for one in others if not one.note]
    if len(plain) <= ALSO or len(others) > len(plain):
        for one in others[:ALSO]:
            _place(paper, report, "see", one)
        if len(others) > ALSO:
            _fact(paper, "", f"and {counted(len(others) - ALSO, 'other place')}")
        return
    files: dict[str, list[str]] = {}
    for one in plain:
        files.setdefault(one.span.path, []).append(str(one.span.line))
    for path, lines in list(files.items())[:ALSO]:
        _fact(paper, "see", f"{path}:{listed(list(dict.fromkeys(lines)), PLACES)}")
    if left := sum(len(lines) for lines in list(files.values())[ALSO:]):
        _fact(paper, "", f"and {counted(left, 'other place')}")


def _place(paper: Paper, report: Report, word: str, one: Evidence) -> None:
    """A line below an excerpt: another place, with its note or else its text."""
    where = _at(one)
    if one.note and one.note != CALLED:
        _fact(paper, word, where, f"  {one.note}")
    else:
        text = first_line(paper, one.span, report.concealed, paper.width - 18 - cell_len(where))
        paper.line((f"= {word:<9} ", "dim"), where, "  ", *text, indent=4)


def _near(one: Span, other: Span) -> bool:
    return one.source is other.source and abs(one.line - other.line) <= NEAR


def _at(one: Evidence) -> str:
    return f"{one.span.path}:{one.span.line}"


def _further(paper: Paper, report: Report, entry: groups.Entry) -> None:
    """The other places of the same sentence, one line each."""
    places = list(entry.places.values())[1:]
    if not places:
        return
    paper.line(("= also", "dim"), indent=4)
    _listing(paper, report, entry, places)


def _listing(paper: Paper, report: Report, entry: groups.Entry, places: list[groups.Place]) -> None:
    """A line for each place: where it is, what it names and of which functions it is true."""
    shown = [place.first for place in places[:PLACES]]
    wheres = [_at(one.evidence[0]) if one.evidence else one.address for one in shown]
    names = [listed(_names(report, place.findings), 2) for place in places[:PLACES]]
    subjects = [groups.quoted(one.message) for one in shown] if _differ(entry) else []
    wide, whom, named = (max(map(paper.cells, column), default=0) for column in (wheres, names, subjects))
    for position, one in enumerate(shown):
        pieces: list[Piece] = [paper.padded(wheres[position], wide + 2)]
        if subjects:
            pieces.append(paper.padded(subjects[position], named + 2))
            if 8 + wide + 2 + named + 2 + whom <= paper.width:
                pieces.append((names[position], "dim"))
        else:
            pieces.append((names[position], "dim"))
            room = paper.width - 8 - wide - 2 - whom - 2
            if one.evidence and not one.evidence[0].note and room >= 20:
                pieces.append(" " * (whom - paper.cells(names[position]) + 2))
                pieces += first_line(paper, one.evidence[0].span, report.concealed, room)
        paper.line(*pieces, indent=8)
    if len(places) > PLACES:
        paper.line((f"and {counted(len(places) - PLACES, 'more place')}", "dim"), indent=8)


def _differ(entry: groups.Entry) -> bool:
    """Whether the places of an entry have names of their own to tell."""
    return len({groups.quoted(place.first.message) for place in entry.places.values()}) > 1


def _names(report: Report, findings: Iterable[Finding]) -> list[str]:
    """The names of the functions that findings concern, each once."""
    names = {(one.input, one.address): one.name or one.address for one in report.functions}
    return list(dict.fromkeys(names.get((one.input, a), a) for one in findings for a in one.functions))


# ----------------------------------------------------------------------- what is not known, and why


def _accepted(paper: Paper, report: Report) -> None:
    entries = groups.accepted(report)
    if not entries:
        return
    number = sum(len(one.findings) for one in entries)
    paper.heading("Accepted", f"{counted(number, 'finding')}, for the owner's reasons")
    for one in entries:
        paper.prose(f"{one.control}: {one.reason}", indent=2, lead=("a ", "cyan"))
        _where(paper, [finding.evidence for finding in one.findings])
        names = _names(report, one.findings)
        if names:
            _detail(paper, "of", listed(names, 3))
        _where(paper, [(Evidence(place, ""),) for place in one.given], "by")
        if one.until:
            _detail(paper, "until", one.until.isoformat())


def _known(paper: Paper, report: Report) -> None:
    baseline = report.baseline
    if baseline is None:
        return
    controls = groups.known(report)
    number = sum(count for _, count in controls)
    if baseline.revision and not number and not baseline.gone:
        return
    if baseline.revision:
        paper.heading("There before", f"{counted(number, 'finding')} at {baseline.revision}")
    else:
        paper.heading("In the baseline", f"{counted(number, 'finding')} of {baseline.at[:10]}")
    names = [name if count == 1 else f"{name} ({count:,})" for name, count in controls]
    paper.prose(listed(names, 6) or "none of them is there", indent=2, lead=("b ", "dim"))
    if baseline.gone:
        verb = "is" if baseline.gone == 1 else "are"
        those = "of them" if baseline.revision else "of the baseline"
        paper.prose(f"{baseline.gone:,} {those} {verb} gone", indent=2, lead=("- ", "green"))
        if not baseline.revision:
            _detail(paper, "help", "`stockade baseline` writes what is left")


def _notices(paper: Paper, report: Report) -> None:
    listed = groups.notices(report)
    if not listed:
        return
    paper.heading("Accepts to look at", counted(sum(len(alike) for _, alike in listed), "notice"))
    for one, alike in listed:
        paper.prose(one.message, indent=2, lead=("! ", "yellow"))
        _where(paper, [each.evidence for each in alike])
        _detail(paper, "help", one.help)


def _second(paper: Paper, report: Report) -> None:
    """What IAM Access Analyzer says, where it was asked: every answer that is not ours."""
    if report.analyzer is None:
        return
    listed = groups.differing(report)
    paper.heading("IAM Access Analyzer", counted(len(listed), "other answer") if listed else "no other answer")
    for one in listed:
        paper.prose(one.message, indent=2, lead=("! ", "yellow"))
        _where(paper, [one.evidence])
        _detail(paper, "help", one.help)
    paper.prose((second(report.analyzer), "dim"), indent=2)


def _undecided(paper: Paper, report: Report) -> None:
    causes = groups.causes(report)
    if not causes:
        return
    number = sum(len(one.findings) for one in causes)
    paper.heading("Could not be decided", f"{counted(number, 'question')}, {counted(len(causes), 'cause')}")
    for cause in causes:
        paper.prose(cause.text, indent=2, lead=("? ", "yellow"))
        controls = [name if number == 1 else f"{name} ({number:,})" for name, number in cause.controls]
        _detail(paper, "open", listed(controls, 4))
        _where(paper, [one.evidence for one in cause.findings])
        if cause.help:
            _detail(paper, "help", cause.help)


def _crashed(paper: Paper, report: Report) -> None:
    for position, crash in enumerate(groups.crashes(report)):
        if not position:
            paper.heading("Controls that failed themselves")
        first = crash.findings[0]
        paper.prose(f"{first.control}: {crash.text}", indent=2, lead=("! ", "bold magenta"))
        _where(paper, [one.evidence for one in crash.findings])
        if crash.help:
            _detail(paper, "help", crash.help)


def _gaps(paper: Paper, report: Report) -> None:
    found = groups.missing(report)
    if not found:
        return
    paper.heading("Not read", counted(len(report.gaps), "gap"))
    for one in found:
        whats = list(dict.fromkeys(gap.what for gap in one.gaps))
        paper.prose(f"{groups.together(whats)}: {one.reason}", indent=2, lead=("! ", "yellow"))
        _where(paper, [gap.evidence for gap in one.gaps])
        if one.help:
            _detail(paper, "help", one.help)


def _detail(paper: Paper, word: str, text: str) -> None:
    paper.prose(text, indent=4, lead=(f"{word:<5} ", "dim"))


def _where(paper: Paper, evidence: Iterable[Sequence[Evidence]], word: str = "at") -> None:
    places = groups.first_places(evidence)
    if places:
        first = _at(places[0])
        more = f" and {counted(len(places) - 1, 'other place')}" if len(places) > 1 else ""
        _detail(paper, word, first + more)


# ----------------------------------------------------------------------------------------- summary


def _summary(paper: Paper, report: Report) -> None:
    paper.blank()
    rows = [LABELS[item] for item in undecided_rows(report)]
    if rows:
        paper.prose((f"Not decided yet by this version: {', '.join(rows)}.", "dim"))
        paper.blank()
    fails = Counter(
        one.severity for one in report.findings if isinstance(one.outcome, Fails) and one.suppressed is None
    )
    open_questions = sum(
        isinstance(one.outcome, Undecided) and one.suppressed is None for one in report.findings
    )
    crashed = sum(isinstance(one.outcome, Crashed) for one in report.findings)
    parts: list[list[Piece]] = [
        [(f"{fails[severity]:,} {severity.name.lower()}", SEVERITY_STYLES[severity])]
        for severity in sorted(Severity, reverse=True)
        if fails[severity]
    ] or [[("nothing fails", "green")]]
    if open_questions:
        parts.append([(f"{open_questions:,} undecided", "yellow")])
    if crashed:
        parts.append([(f"{crashed:,} crashed", "bold magenta")])
    if report.gaps:
        parts.append([(counted(len(report.gaps), "gap"), "yellow")])
    for held, word in (
        (sum(len(one.findings) for one in groups.accepted(report)), "accepted"),
        (
            sum(count for _, count in groups.known(report)),
            "there before" if report.baseline and report.baseline.revision else "in the baseline",
        ),
    ):
        if held:
            parts.append([f"{held:,} {word}"])
    pieces: list[Piece] = []
    for part in parts:
        pieces += (" · " if pieces else "", *part)
    paper.prose(*pieces)
    if report.configuration and report.excluded:
        modules = f"{listed(report.excluded, 3)} (by {report.configuration})"
        paper.prose((f"Excluded: {modules}.", "dim"))
    if withheld := [f"{number:,} with `--noise {level.name.lower()}`" for level, number in _cumulative(report)]:
        paper.prose((f"Not listed: {', '.join(withheld)}.", "dim"))


def _cumulative(report: Report) -> Iterator[tuple[Noise, int]]:
    """How many more findings each noisier level would list."""
    total = 0
    for level, number in sorted(report.withheld.items()):
        total += number
        yield level, total
