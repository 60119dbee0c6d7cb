"""The report as GitLab's code quality report: what fails and what is undecided, each at its line.

Its form: docs.gitlab.com, "Code Quality", "Code Quality report format" (read 2026-11).
"""

from __future__ import annotations

import json
from typing import Any, Final

from stockade.control import Crashed, Fails, Severity
from stockade.report import Finding, Report
from stockade.show import told
from stockade.show.groups import differing
from stockade.show.places import Places

_SEVERITIES: Final = {
    Severity.LOW: "minor",
    Severity.MEDIUM: "major",
    Severity.HIGH: "critical",
    Severity.CRITICAL: "blocker",
}


def show(report: Report) -> bytes:
    """The document as JSON; findings that count, gaps, crashes and other answers of AWS's are in it."""
    places = Places(report)
    rows = [_row(one, report, places) for one in report.findings if one.suppressed is None]
    for gap in report.gaps:
        span = gap.evidence[0].span if gap.evidence else None
        rows.append(
            {
                "description": told.gap(gap),
                "check_name": "gap",
                "fingerprint": told.fingerprint_of(gap, report.inputs[gap.input].root),
                "severity": "info",
                "location": _location(places, span.path if span else report.inputs[gap.input].path, span),
            }
        )
    for one in differing(report):
        span = one.evidence[0].span if one.evidence else None
        path = span.path if span else report.inputs[0].path if report.inputs else "."
        rows.append(
            {
                "description": f"{told.sentence(one.message)}; {told.sentence(one.help)}",
                "check_name": "access-analyzer",
                "fingerprint": told.fingerprint_of_notice(one, path),
                "severity": "info",
                "location": _location(places, path, span),
            }
        )
    return (json.dumps(rows, indent=1) + "\n").encode("ascii")


def _row(one: Finding, report: Report, places: Places) -> dict[str, Any]:
    span = one.evidence[0].span if one.evidence else None
    counts = isinstance(one.outcome, Fails | Crashed)
    return {
        "description": told.whole(one),
        "check_name": one.control,
        "fingerprint": one.fingerprint,
        "severity": _SEVERITIES[one.severity] if counts else "info",
        "location": _location(places, span.path if span else report.inputs[one.input].path, span),
    }


def _location(places: Places, path: str, span: Any) -> dict[str, Any]:
    return {"path": places.path(path), "lines": {"begin": span.line if span else 1}}
