"""What an editor shows of a report: diagnostics by file, the page behind one, and what has no place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lsprotocol import types

from stockade.control import Control, Crashed, Fails, Fix, Safety, Severity
from stockade.read.inputs import Input
from stockade.records import dataclass
from stockade.report import Evidence, Finding, GapReport, Report
from stockade.serve.positions import NOWHERE, range_of, uri_of
from stockade.show import told
from stockade.show.escape import escape
from stockade.show.page import page

SOURCE: Final = "stockade"
MOST: Final = 5
"""Names of functions that one sentence lists."""
MOST_PLACES: Final = 20
_SEVERITY: Final = {
    Severity.LOW: types.DiagnosticSeverity.Information,
    Severity.MEDIUM: types.DiagnosticSeverity.Warning,
    Severity.HIGH: types.DiagnosticSeverity.Error,
    Severity.CRITICAL: types.DiagnosticSeverity.Error,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A diagnostic and the findings behind it, which say the same of several things; none for a gap."""

    diagnostic: types.Diagnostic
    findings: tuple[Finding, ...]

    @property
    def fix(self) -> Fix | None:
        return self.findings[0].fix if self.findings and isinstance(self.findings[0].outcome, Fails) else None


@dataclass(frozen=True, slots=True)
class Told:
    """All that is said of a folder: by the real paths of files, and sentences that belong to no file."""

    files: Mapping[Path, Sequence[Shown]]
    elsewhere: Sequence[str]


class Words:
    """What stands where, for one report: its inputs say which directory paths are relative to."""

    def __init__(self, report: Report, inputs: Sequence[Input], encoding: str) -> None:
        self._report = report
        self._inputs = inputs
        self._encoding = encoding

    def told(self) -> Told:
        """Findings that count, and gaps. What its owner accepts, or a baseline knows, is not shown."""
        files: dict[Path, list[Shown]] = {}
        elsewhere: list[str] = []
        alike: dict[tuple[Path | None, Any], list[Finding]] = {}
        for finding in self._report.findings:
            if finding.suppressed is None:
                path = self._place(finding.input, finding.evidence)
                alike.setdefault((path, self._said(finding)), []).append(finding)
        for (path, _), some in alike.items():
            if path is None:
                elsewhere.append(f"{some[0].control}: {told.whole(some[0])}{self._functions(some)}")
            else:
                files.setdefault(path, []).append(Shown(self._diagnostic(some), tuple(some)))
        for gap in self._report.gaps:
            path = self._place(gap.input, gap.evidence)
            if path is None:
                elsewhere.append(told.gap(gap))
            else:
                files.setdefault(path, []).append(Shown(self._gap(gap), ()))
        return Told(files, elsewhere)

    def _said(self, finding: Finding) -> Any:
        """What is said, and where: findings in which this is the same are one diagnostic."""
        span = finding.evidence[0].span if finding.evidence else None
        place = (span.start, span.end) if span else None
        return place, finding.control, told.message(finding), told.doubt(finding), told.remedy(finding)

    def _functions(self, some: Sequence[Finding]) -> str:
        """Of which functions it is said, where they are several."""
        named = {(one.input, one.address): one.name for one in self._report.functions}
        every = (named.get((one.input, each), each) for one in some for each in one.functions)
        names = sorted(set(map(escape, every)))
        if len(names) < 2:
            return ""
        more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
        return f" It concerns {', '.join(f'`{one}`' for one in names[:MOST])}{more}."

    def _place(self, index: int, evidence: Sequence[Evidence]) -> Path | None:
        """The file that a thing is said of: where it is written, else the input, where that is a file."""
        base = self._inputs[index].base
        path = base / (evidence[0].span.path if evidence else self._report.inputs[index].path)
        found = Path(os.path.realpath(path))
        return found if found.is_file() else None

    def _range(self, evidence: Sequence[Evidence]) -> types.Range:
        return range_of(evidence[0].span, self._encoding) if evidence else NOWHERE

    def _diagnostic(self, some: Sequence[Finding]) -> types.Diagnostic:
        finding = some[0]
        severity = types.DiagnosticSeverity.Information
        if isinstance(finding.outcome, Fails):
            severity = _SEVERITY[max(one.severity for one in some)]
        elif isinstance(finding.outcome, Crashed):
            severity = types.DiagnosticSeverity.Warning
        return types.Diagnostic(
            self._range(finding.evidence),
            told.whole(finding) + self._functions(some),
            severity=severity,
            code=finding.control,
            source=SOURCE,
            related_information=list(self._related(finding)) or None,
        )

    def _related(self, finding: Finding) -> Iterator[types.DiagnosticRelatedInformation]:
        for one in finding.evidence[1:]:
            path = self._place(finding.input, (one,))
            if path is not None:
                where = types.Location(uri_of(path), range_of(one.span, self._encoding))
                note = escape(one.note) or "this belongs to it"
                yield types.DiagnosticRelatedInformation(where, note)

    def _gap(self, gap: GapReport) -> types.Diagnostic:
        severity = types.DiagnosticSeverity.Hint if gap.spare else types.DiagnosticSeverity.Information
        return types.Diagnostic(
            self._range(gap.evidence), told.gap(gap), severity=severity, code="not-read", source=SOURCE
        )

    def hover(self, some: Sequence[Shown], controls: Sequence[Control[Any]]) -> str:
        """Findings with their evidence, then the pages of their controls, as Markdown."""
        parts = [self._evidence(one.findings) for one in some if one.findings]
        names = dict.fromkeys(one.findings[0].control for one in some if one.findings)
        parts += [page(one) for name in names for one in controls if one.name == name]
        return "\n\n---\n\n".join(parts)

    def _evidence(self, some: Sequence[Finding]) -> str:
        finding = some[0]
        lines = [f"**{finding.control}** · {told.verdict(finding)} · {_plain(told.message(finding))}"]
        said = (told.doubt(finding), told.proof(finding), told.remedy(finding), self._functions(some).strip())
        lines += [_plain(text) for text in said if text]
        if finding.fix is not None and finding.fix.note:
            lines.append(_plain(told.sentence(f"note: {finding.fix.note}")))
        places: dict[str, None] = {}
        for one in some:
            for number, each in enumerate(one.evidence):
                places[self._evident(one, each, number == 0)] = None
        listed = list(places)[:MOST_PLACES]
        if len(places) > MOST_PLACES:
            listed.append(f"- and {len(places) - MOST_PLACES} more places")
        return "\n\n".join([*lines, "\n".join(listed)] if listed else lines)

    def _evident(self, finding: Finding, one: Evidence, decides: bool) -> str:
        """A place and what it has to do with the finding, as an item of a list."""
        path = self._place(finding.input, (one,))
        name = f"`{_code(one.span.path)}:{one.span.line}`"
        whole = path is None or one.span.source.bare
        place = name if path is None or whole else f"[{name}](<{uri_of(path)}#L{one.span.line}>)"
        note = "decides it" if decides and not one.note else escape(one.note)
        if note == escape(finding.address):
            note = f"`{_code(note)}`"
        return f"- {place}: {_plain(note)}" if note else f"- {place}"


def can_be_made(fix: Fix | None) -> bool:
    """Whether a fix is one that edits files, and not only shown."""
    return fix is not None and bool(fix.changes) and fix.safety > Safety.SHOW


def _code(text: str) -> str:
    return escape(text).replace("`", "'")


def _plain(text: str) -> str:
    """Words of an input as plain text in Markdown, but for code in backticks, which our messages have."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:  # a lone backtick, of the input's: none of them means anything
        return _escaped(text.replace("`", "'"))
    return "`".join(one if index % 2 else _escaped(one) for index, one in enumerate(pieces))


def _escaped(text: str) -> str:
    return "".join(f"\\{one}" if one in "\\*_[]<>#|!&~" else one for one in text)
