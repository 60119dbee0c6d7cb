"""The report as SARIF 2.1.0, for code scanning and editors.

What fails is a result of kind ``fail``, what is undecided one of kind ``open``; what was not read, and
a control that crashed, are notifications of the invocation: an empty list of results never reads as a pass.
GitHub knows no suppressions of SARIF and would open an alert for each: findings that their owner accepts, or a
baseline knows, are only counted. Its limits: docs.github.com, "SARIF support for code scanning" (read 2026-11).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from stockade.control import Control, Crashed, Fails, Severity
from stockade.patched import Told
from stockade.patterns import lazy_regex
from stockade.report import Evidence, Finding, GapReport, Notice, Report
from stockade.show import told
from stockade.show.escape import escape
from stockade.show.places import Places, region

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
RESULTS: Final = 25_000
"""Results of a run that GitHub takes; it shows the first 5,000, and ours come worst first."""
_RELATED: Final = 100
"""Places of a result that GitHub shows."""

_LEVELS: Final = {
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
_SCORES: Final = {Severity.LOW: "2.0", Severity.MEDIUM: "5.5", Severity.HIGH: "8.0", Severity.CRITICAL: "9.5"}
"""Inside of the ranges that GitHub names low (0.1-3.9), medium, high and critical (above 9.0)."""

_LINK: Final = lazy_regex(r"\[([^\]]*)\]\(")
_PLACEHOLDER: Final = lazy_regex(r"\{(\d+)\}")


def show(report: Report, controls: Sequence[Control[Any]], fixes: Sequence[Told] = ()) -> bytes:
    """The report as one run. ``controls`` are all there are; ``fixes`` what became of the findings' fixes."""
    return (json.dumps(document(report, controls, fixes), indent=1) + "\n").encode("ascii")


def document(report: Report, controls: Sequence[Control[Any]], fixes: Sequence[Told] = ()) -> dict[str, Any]:
    """The same as plain data."""
    run = _Run(report, controls, fixes)
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run.document()]}


class _Run:
    def __init__(self, report: Report, controls: Sequence[Control[Any]], fixes: Sequence[Told]) -> None:
        self._report, self._places = report, Places(report)
        asked = set(report.asked)
        self._rules = [one for one in controls if one.name in asked]
        self._index = {one.name: number for number, one in enumerate(self._rules)}
        self._fixes = {(one.finding.input, one.finding.fingerprint): one for one in fixes if one.edits}
        self._hidden = [span.raw for span in report.concealed if len(span.raw) > 5]

    def document(self) -> dict[str, Any]:
        report = self._report
        counting = [one for one in report.findings if one.suppressed is None]
        results = [one for one in counting if not isinstance(one.outcome, Crashed)]
        crashed = [one for one in counting if isinstance(one.outcome, Crashed)]
        notes = [_notification("gap", "warning", told.gap(one), self._locations(one)) for one in report.gaps]
        notes += [_notification("crash", "error", told.message(one), self._where(one)) for one in crashed]
        if len(results) > RESULTS:
            text = f"{len(results) - RESULTS:,} more findings are left out here, the least severe ones."
            notes.append(_notification("limit", "warning", text, []))
        return {
            "tool": {
                "driver": {
                    "name": "Stockade",
                    "version": report.version,
                    "semanticVersion": report.version,
                    "rules": [_rule(one) for one in self._rules],
                    "properties": {"data": dict(sorted(report.data.items()))},
                }
            },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The top of the repository."}}},
            "invocations": [
                {
                    "executionSuccessful": not crashed,
                    "endTimeUtc": report.at,
                    "toolExecutionNotifications": notes,
                    "toolConfigurationNotifications": [self._notice(one) for one in report.notices],
                }
            ],
            "results": [self._result(one) for one in results[:RESULTS]],
            "properties": {
                "noise": report.noise.name.lower(),
                "functions": len(report.functions),
                "suppressed": len(report.findings) - len(counting),
                "withheld": {level.name.lower(): number for level, number in report.withheld.items()},
                "coverage": {
                    name: {"holds": one.holds, "fails": one.fails, "undecided": one.undecided}
                    for name, one in sorted(report.coverage.items())
                },
            },
        }

    def _result(self, one: Finding) -> dict[str, Any]:
        fails = isinstance(one.outcome, Fails)
        out: dict[str, Any] = {
            "ruleId": one.control,
            "ruleIndex": self._index[one.control],
            "kind": "fail" if fails else "open",
            "level": _LEVELS[one.severity] if fails else "none",
            "message": _message(told.whole(one)),
            "locations": self._where(one)[:1],
            "partialFingerprints": {
                # by this one GitHub follows an alert: ours knows no lines, so that it survives their moving
                "primaryLocationLineHash": f"{one.fingerprint}:1",
                "stockade/v1": one.fingerprint,
            },
            "properties": {
                "severity": one.severity.name.lower(),
                "functions": [escape(name) for name in one.functions],
            },
        }
        if related := [self._location(place) for place in one.evidence[1 : _RELATED + 1]]:
            out["relatedLocations"] = [{"id": number, **place} for number, place in enumerate(related)]
        if (fix := self._fixes.get((one.input, one.fingerprint))) and (made := self._fix(fix)):
            out["fixes"] = [made]
        return out

    def _fix(self, fix: Told) -> dict[str, Any] | None:
        """The edits of a proved fix; none where one of them would print a secret again."""
        if fix.fix is None or any(secret in edit.new for edit in fix.edits for secret in self._hidden):
            return None
        changes: dict[str, list[dict[str, Any]]] = {}
        for edit in sorted(fix.edits, key=lambda edit: (edit.span.path, edit.span.start)):
            text = edit.new.decode("utf-8", "replace")
            replacement = {"deletedRegion": region(edit.span), "insertedContent": {"text": text}}
            changes.setdefault(self._places.uri(edit.span.path), []).append(replacement)
        return {
            "description": _message(told.sentence(fix.fix.title)),
            "artifactChanges": [
                {"artifactLocation": _artifact(uri), "replacements": some} for uri, some in changes.items()
            ],
        }

    def _where(self, one: Finding) -> list[dict[str, Any]]:
        logical = {"fullyQualifiedName": escape(one.address), "kind": "resource"}
        places = [self._location(place) for place in one.evidence] or [self._input(one.input)]
        return [{**places[0], "logicalLocations": [logical]}, *places[1:]]

    def _locations(self, one: GapReport | Notice) -> list[dict[str, Any]]:
        places = [self._location(place) for place in one.evidence]
        return places or ([self._input(one.input)] if isinstance(one, GapReport) else [])

    def _location(self, one: Evidence) -> dict[str, Any]:
        physical = {"artifactLocation": _artifact(self._places.uri(one.span.path)), "region": region(one.span)}
        out: dict[str, Any] = {"physicalLocation": physical}
        if one.note:
            out["message"] = _message(escape(one.note))
        return out

    def _input(self, number: int) -> dict[str, Any]:
        """What was scanned, for what has no place of its own."""
        uri = self._places.uri(self._report.inputs[number].path)
        return {"physicalLocation": {"artifactLocation": _artifact(uri), "region": {"startLine": 1}}}

    def _notice(self, one: Notice) -> dict[str, Any]:
        text = escape(f"{one.message}; {one.help}" if one.help else one.message)
        return _notification(f"accept-{one.kind.value}", "warning", text, self._locations(one))


def _rule(one: Control[Any]) -> dict[str, Any]:
    lines = one.page.strip().split("\n\n")
    section = re.sub(r"[^a-z]+", "-", one.item.section.lower())
    return {
        "id": one.name,
        "name": "".join(word.capitalize() for word in one.name.split("-")),
        "shortDescription": {"text": f"{one.summary}."},
        "fullDescription": {"text": " ".join((lines[1] if len(lines) > 1 else lines[0]).split())[:1000]},
        "help": {"text": one.page, "markdown": one.page},
        **({"helpUri": one.references[0]} if one.references else {}),
        "defaultConfiguration": {"level": _LEVELS[one.severity]},
        "properties": {
            "tags": ["security", "aws-lambda", section],
            "precision": "high",
            "security-severity": _SCORES[one.severity],
        },
    }


def _notification(kind: str, level: str, text: str, places: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {"descriptor": {"id": kind}, "level": level, "message": _message(text), "locations": list(places)}


def _message(text: str) -> dict[str, str]:
    """A message in which nothing of a stranger's is a link or a placeholder (SARIF 3.11.5 and 3.11.6)."""
    plain = _LINK.sub(r"\\[\1\\](", text)
    return {"text": _PLACEHOLDER.sub(r"{{\1}}", plain)}


def _artifact(uri: str) -> dict[str, str]:
    return {"uri": uri, "uriBaseId": "SRCROOT"}
