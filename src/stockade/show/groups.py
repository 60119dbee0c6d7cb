"""Findings put together as a person would tell them: once each, with everything they are true of.

Messages that differ only in the names they quote say the same: ten open routes of an API are one thing
to tell, and ten names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import date

from stockade.control import Crashed, Fails, Undecided
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.report import Evidence, Finding, GapReport, Notice, NoticeKind, Report, SuppressionKind
from stockade.show.paper import listed
from stockade.source import Span


@dataclass
class Place:
    """One place that several findings share, as when a module is called twenty times."""

    findings: list[Finding] = field(default_factory=list)

    @property
    def first(self) -> Finding:
        return self.findings[0]


@dataclass
class Entry:
    """One sentence of one control, quoted names apart, and every place it is true of, in the report's order."""

    places: dict[object, Place] = field(default_factory=dict)

    @property
    def first(self) -> Finding:
        return next(iter(self.places.values())).first

    @property
    def findings(self) -> list[Finding]:
        return [one for place in self.places.values() for one in place.findings]

    @property
    def together(self) -> str:
        """The sentence that tells it of all functions at once; empty where there is none, or one function."""
        outcome = self.first.outcome
        if not isinstance(outcome, Fails) or not outcome.together:
            return ""
        number = len({(one.input, address) for one in self.findings for address in one.functions})
        return outcome.together.replace("{n}", f"{number:,}") if number > 1 else ""


@dataclass
class Cause:
    """One thing that is not known, and the questions it leaves open."""

    text: str
    help: str | None
    findings: list[Finding] = field(default_factory=list)

    @property
    def controls(self) -> list[tuple[str, int]]:
        """The controls that wait for it, with how many of their questions do."""
        return sorted(
            Counter(one.control for one in self.findings).items(), key=lambda pair: (-pair[1], pair[0])
        )


@dataclass
class Missing:
    """One reason why things were not read, and the things."""

    reason: str
    help: str | None
    gaps: list[GapReport] = field(default_factory=list)


def failures(report: Report) -> list[Entry]:
    """What fails and counts, worst first."""
    entries: dict[object, Entry] = {}
    for one in report.findings:
        if isinstance(one.outcome, Fails) and one.suppressed is None:
            fix = (_said(one.fix.title), one.fix.safety) if one.fix else None
            entry = entries.setdefault((one.control, one.severity, _said(one.message), fix), Entry())
            where: object = one.evidence[0].span if one.evidence else (one.input, one.address)
            entry.places.setdefault((where, one.message), Place()).findings.append(one)
    return list(entries.values())


_QUOTED = lazy_regex(r"`[^`]*`")
_QUOTES = lazy_regex(r"`[^`]*`(?:, `[^`]*`)*(?: and (?:`[^`]*`|\d+ more))?")


def _said(message: str) -> str:
    """What a message says apart from the names that it quotes, however many."""
    return _QUOTES.sub("`", message)


def quoted(message: str) -> str:
    """The first name that a message quotes: what it is about."""
    found = _QUOTED.search(message)
    return found[0] if found else ""


def causes(report: Report) -> list[Cause]:
    """What could not be decided, by what it hangs on, most questions first."""
    found: dict[str, Cause] = {}
    for one in report.findings:
        if isinstance(one.outcome, Undecided) and one.suppressed is None:
            found.setdefault(one.cause, Cause(one.cause, one.help)).findings.append(one)
    return sorted(found.values(), key=lambda cause: (-len(cause.findings), cause.text))


def missing(report: Report) -> list[Missing]:
    """What was not read, by its reason apart from the names that it quotes."""
    found: dict[tuple[str, str | None], Missing] = {}
    for gap in report.gaps:
        found.setdefault((_said(gap.reason), gap.help), Missing(gap.reason, gap.help)).gaps.append(gap)
    for one in found.values():
        others = len({gap.reason for gap in one.gaps}) - 1
        if others:
            one.reason += f" (and {others:,} more likewise)"
    return list(found.values())


def together(whats: Sequence[str], most: int = 4) -> str:
    """What was not read, in one phrase: what differs in one name only is said once, with all the names."""
    pieces = [one.split("`") for one in whats]
    first = pieces[0]
    differing = {
        index for one in pieces for index, (a, b) in enumerate(zip(one, first, strict=False)) if a != b
    }
    if len(differing) != 1 or any(len(one) != len(first) for one in pieces):
        return listed(whats, most)
    (index,) = differing
    if index % 2 == 0:
        return listed(whats, most)  # what differs is no name
    after = "`".join(first[index + 1 :])
    if after.startswith(" was "):
        after = f" were {after.removeprefix(' was ')}"
    return "`".join(first[:index]) + listed([f"`{one[index]}`" for one in pieces], most) + after


def crashes(report: Report) -> list[Cause]:
    """Controls that failed themselves, by their message."""
    found: dict[tuple[str, str], Cause] = {}
    for one in report.findings:
        if isinstance(one.outcome, Crashed):
            found.setdefault((one.control, one.message), Cause(one.message, one.help)).findings.append(one)
    return list(found.values())


@dataclass
class Acceptance:
    """One reason, however often it is written, and all that it accepts of one control."""

    control: str
    reason: str
    until: date | None
    findings: list[Finding] = field(default_factory=list)
    given: dict[Span, None] = field(default_factory=dict)


def accepted(report: Report) -> list[Acceptance]:
    """What the owner accepts, by control and reason, in the order of their names."""
    found: dict[object, Acceptance] = {}
    for one in report.findings:
        why = one.suppressed
        if why is not None and why.kind is not SuppressionKind.BASELINE:
            key = (one.control, why.kind, why.reason, why.until)
            entry = found.setdefault(key, Acceptance(one.control, why.reason, why.until))
            entry.findings.append(one)
            if why.place is not None:
                entry.given[why.place] = None
    return sorted(found.values(), key=lambda one: (one.control, one.reason))


def differing(report: Report) -> list[Notice]:
    """What IAM Access Analyzer says otherwise, or beside us."""
    return [one for one in report.notices if one.kind is NoticeKind.DIFFERS]


def notices(report: Report) -> list[tuple[Notice, list[Notice]]]:
    """The accepts that the owner should look at again: one of each message, with all of that message."""
    found: dict[tuple[str, str], list[Notice]] = {}
    for one in report.notices:
        if one.kind is NoticeKind.DIFFERS:
            continue
        found.setdefault((one.message, one.help), []).append(one)
    return [(group[0], group) for group in found.values()]


def known(report: Report) -> list[tuple[str, int]]:
    """What the baseline has, as controls with how many of their findings it knows, most first."""
    names = Counter(
        one.control
        for one in report.findings
        if one.suppressed is not None and one.suppressed.kind is SuppressionKind.BASELINE
    )
    return sorted(names.items(), key=lambda pair: (-pair[1], pair[0]))


def first_places(evidence: Iterable[Sequence[Evidence]]) -> list[Evidence]:
    """The primary place of each, without repetitions."""
    unique = {found[0].span: found[0] for found in reversed(list(evidence)) if found}
    return list(reversed(unique.values()))
