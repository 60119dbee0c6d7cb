"""The report as CSV (RFC 4180): a row a finding and function, for spreadsheets.

A cell that a spreadsheet would take for a formula has an apostrophe in front.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import Final

from stockade.report import Report
from stockade.show import told
from stockade.show.escape import escape
from stockade.show.groups import differing

COLUMNS: Final = (
    "verdict",
    "severity",
    "control",
    "item",
    "input",
    "function",
    "address",
    "path",
    "line",
    "message",
    "remedy",
    "suppressed",
    "fingerprint",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def show(report: Report) -> bytes:
    """All findings, accepted ones with the reason, what was not read, and other answers of AWS's, in UTF-8."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    names = {(one.input, one.address): one.name for one in report.functions}
    for one in report.findings:
        span = one.evidence[0].span if one.evidence else None
        for function in one.functions or ("",):
            row = (
                told.verdict(one),
                one.severity.name.lower(),
                one.control,
                one.item.title,
                report.inputs[one.input].path,
                names.get((one.input, function), function),
                one.address,
                span.path if span else "",
                str(span.line) if span else "",
                " ".join(part for part in (told.message(one), told.doubt(one), told.proof(one)) if part),
                told.remedy(one),
                one.suppressed.reason if one.suppressed else "",
                one.fingerprint,
            )
            rows.writerow(_cell(cell) for cell in row)
    for gap in report.gaps:
        span = gap.evidence[0].span if gap.evidence else None
        path, line = (span.path, str(span.line)) if span else ("", "")
        where = report.inputs[gap.input].path
        cells = ("not read", "", "", "", where, "", "", path, line, told.gap(gap), "", "", "")
        rows.writerow(_cell(cell) for cell in cells)
    for other in differing(report):  # what IAM Access Analyzer says otherwise has no verdict of ours
        span = other.evidence[0].span if other.evidence else None
        path, line = (span.path, str(span.line)) if span else ("", "")
        message = told.sentence(other.message)
        cells = ("differs", "", "", "", "", "", "", path, line, message, told.sentence(other.help), "", "")
        rows.writerow(_cell(cell) for cell in cells)
    return text.getvalue().encode()


def _cell(text: str) -> str:
    safe = escape(text)
    return f"'{safe}" if safe.startswith(_FORMULA) else safe
