"""Baselines: the findings of an earlier scan, so that only what is new since then counts.

A finding is known when its fingerprint is in the baseline and it has not become worse. Fingerprints
come from control, address and content rather than lines; of several that are equal each has its
number, so that one more of them is one that is new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from stockade.control import Crashed, Fails, Severity
from stockade.errors import UsageError
from stockade.records import dataclass
from stockade.report import BaselineReport, Finding, Report, Suppression, SuppressionKind

SCHEMA: Final = "stockade.baseline/1"
_REPORT: Final = "stockade.report/1"
_VERDICTS: Final = ("undecided", "fails")
"""Milder ones first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding of a baseline. ``root`` is its input's path inside of the repository."""

    control: str
    root: str
    verdict: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Baseline:
    """Findings by their fingerprints; ``at`` is when they were found, ``path`` where they are kept.

    ``revision`` names the revision of the repository that was scanned for them, empty for a file.
    """

    path: str
    at: str
    entries: Mapping[str, Entry]
    revision: str = ""

    def known(self, finding: Finding) -> Suppression | None:
        """Why a finding does not count: it was there before, and no milder. A crash always counts."""
        entry = self.entries.get(finding.fingerprint)
        if entry is None or isinstance(finding.outcome, Crashed) or finding.severity > entry.severity:
            return None
        if _VERDICTS.index(_verdict(finding)) > _VERDICTS.index(entry.verdict):
            return None
        where = f"at `{self.revision}` already" if self.revision else f"in the baseline of {self.at[:10]}"
        return Suppression(SuppressionKind.BASELINE, where)

    def compared(
        self, findings: Iterable[Finding], asked: Iterable[str], roots: Iterable[str]
    ) -> BaselineReport:
        """How a scan's findings, of all noise, stand against it: of what was scanned, what is gone."""
        there = {one.fingerprint for one in findings}
        names, places = set(asked), set(roots)
        gone = sum(
            key not in there and entry.control in names and entry.root in places
            for key, entry in self.entries.items()
        )
        return BaselineReport(self.path, self.at, len(self.entries), gone, self.revision)


def written(report: Report) -> bytes:
    """A report's findings as a baseline: all that are listed, were not accepted and are no crash."""
    rows = sorted(
        (report.inputs[one.input].root, one.control, one.address, one.fingerprint, _verdict(one), one.severity)
        for one in report.findings
        if not isinstance(one.outcome, Crashed)
        and (one.suppressed is None or one.suppressed.kind is SuppressionKind.BASELINE)
    )
    lines = [
        json.dumps(
            {
                "fingerprint": fingerprint,
                "control": control,
                "root": root,
                "address": address,
                "verdict": verdict,
                "severity": severity.name.lower(),
            }
        )
        for root, control, address, fingerprint, verdict, severity in rows
    ]
    head = "".join(f"  {json.dumps(key)}: {json.dumps(value)},\n" for key, value in _head(report).items())
    body = "".join(f"\n    {line}," for line in lines).rstrip(",")
    return f'{{\n{head}  "findings": [{body}{chr(10) + "  " if body else ""}]\n}}\n'.encode("ascii")


def _head(report: Report) -> dict[str, str]:
    return {"schema": SCHEMA, "version": report.version, "at": report.at}


def read(data: bytes, path: str, revision: str = "") -> Baseline:
    """A baseline, or a report of ours as one. ``UsageError`` where it is neither."""
    try:
        document = json.loads(data)
        schema, at = document["schema"], document["at"]
        if not isinstance(at, str) or schema not in (SCHEMA, _REPORT):
            raise ValueError(schema)
        rows = _of_report(document) if schema == _REPORT else document["findings"]
        entries = {str(row["fingerprint"]): _entry(row) for row in rows}
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        help = "give a file that `stockade baseline` or `--format json` has written"
        raise UsageError(f"`{path}` is no baseline", help=help) from None
    return Baseline(path, at, entries, revision)


def _of_report(document: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """The findings of a report that nobody accepted."""
    for one in document["findings"]:
        by = one.get("suppression")
        if one["verdict"] in _VERDICTS and (by is None or by["kind"] == SuppressionKind.BASELINE.value):
            yield {**one, "root": document["inputs"][one["input"]]["root"]}


def _entry(row: Mapping[str, Any]) -> Entry:
    verdict = row["verdict"]
    if verdict not in _VERDICTS:
        raise ValueError(verdict)
    return Entry(str(row["control"]), str(row["root"]), verdict, Severity[row["severity"].upper()])


def _verdict(finding: Finding) -> str:
    return "fails" if isinstance(finding.outcome, Fails) else "undecided"
