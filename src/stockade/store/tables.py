"""What a run is as rows: the tables of a part, their columns, and the steps by which older ones are read.

Nothing here is written that the report for machines does not say: no text of files, no value of a variable.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from stockade.control import Crashed, Fails, Undecided
from stockade.report import Finding, Report, SuppressionKind
from stockade.show import json as shown

VERSION: Final = 1
"""Of the tables below. Whoever changes them adds one, and a step from the one before."""

COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "runs": {
        "run": "VARCHAR",
        "series": "VARCHAR",
        "at": "VARCHAR",
        "version": "VARCHAR",
        "noise": "VARCHAR",
        "asked": "VARCHAR[]",
        "roots": "VARCHAR[]",
        "paths": "VARCHAR[]",
        "functions": "INTEGER",
        "open": "INTEGER",
        "accepted": "INTEGER",
        "undecided": "INTEGER",
        "crashed": "INTEGER",
        "gaps": "INTEGER",
        "report": "VARCHAR",
        "aside": "VARCHAR",
    },
    "findings": {
        "run": "VARCHAR",
        "root": "VARCHAR",
        "control": "VARCHAR",
        "fingerprint": "VARCHAR",
        "address": "VARCHAR",
        "functions": "VARCHAR[]",
        "verdict": "VARCHAR",
        "severity": "VARCHAR",
        "noise": "VARCHAR",
        "accepted": "BOOLEAN",
        "message": "VARCHAR",
        "path": "VARCHAR",
        "line": "INTEGER",
        "fix": "VARCHAR",
        "safety": "VARCHAR",
    },
    "coverage": {
        "run": "VARCHAR",
        "control": "VARCHAR",
        "holds": "INTEGER",
        "fails": "INTEGER",
        "undecided": "INTEGER",
        "crashed": "INTEGER",
    },
    "functions": {
        "run": "VARCHAR",
        "root": "VARCHAR",
        "address": "VARCHAR",
        "name": "VARCHAR",
        "role": "VARCHAR",
        "runtime": "VARCHAR",
    },
    "gaps": {"run": "VARCHAR", "root": "VARCHAR", "what": "VARCHAR", "reason": "VARCHAR"},
}
"""Table -> column -> its type.

``report`` is the document that ``--format json`` prints, ``aside`` what that leaves out. A run of a fleet has a
row in ``runs`` for each account and region, which a reader of runs takes together.
"""

Steps: TypeAlias = Mapping[int, Mapping[str, str]]
STEPS: Final[Steps] = {}
"""Version -> table -> a SELECT from ``{rows}``, which has the columns of that version, to those of the next.

Parts are never rewritten: older ones are read through all the steps up to today's. A table that is not named
stays as it is.
"""

Row: TypeAlias = tuple[Any, ...]


def rows(report: Report, run: str, series: str) -> dict[str, list[Row]]:
    """A report as rows of every table. Findings that were too noisy to be listed are among them."""
    roots = [one.root for one in report.inputs]
    everything = (*report.findings, *report.quiet)
    open_ones = [one for one in everything if isinstance(one.outcome, Fails)]
    accepted = sum(_is_accepted(one) for one in open_ones)
    whole = (
        run,
        series,
        report.at,
        report.version,
        report.noise.name.lower(),
        list(report.asked),
        roots,
        [one.path for one in report.inputs],
        len(report.functions),
        len(open_ones) - accepted,
        accepted,
        sum(isinstance(one.outcome, Undecided) for one in everything),
        sum(isinstance(one.outcome, Crashed) for one in everything),
        sum(not one.spare for one in report.gaps),
        shown.show(report).decode("ascii"),
        json.dumps(_aside(report)),
    )
    return {
        "runs": [whole],
        "findings": [(run, roots[one.input], *_finding(one)) for one in everything],
        "coverage": [
            (run, name, one.holds, one.fails, one.undecided, one.crashed)
            for name, one in report.coverage.items()
        ],
        "functions": [
            (run, roots[one.input], one.address, one.name, one.role, one.runtime) for one in report.functions
        ],
        "gaps": [(run, roots[one.input], one.what, one.reason) for one in report.gaps if not one.spare],
    }


def _finding(one: Finding) -> Row:
    first = one.evidence[0].span if one.evidence else None
    return (
        one.control,
        one.fingerprint,
        one.address,
        list(one.functions),
        shown.verdict(one.outcome),
        one.severity.name.lower(),
        one.noise.name.lower(),
        _is_accepted(one),
        one.message,
        first.path if first else None,
        first.line if first else None,
        one.fix.title if one.fix else None,
        one.fix.safety.name.lower() if one.fix else None,
    )


def _is_accepted(one: Finding) -> bool:
    """Whether its owner accepts it. A baseline is no reason: what is in it still is there."""
    return one.suppressed is not None and one.suppressed.kind is not SuppressionKind.BASELINE


def _aside(report: Report) -> dict[str, Any]:
    """What a terminal says and the document for machines does not, by the places in its lists."""
    together = {
        str(index): one.outcome.together
        for index, one in enumerate(report.findings)
        if isinstance(one.outcome, Fails) and one.outcome.together
    }
    return {
        "together": together,
        "spare": [index for index, one in enumerate(report.gaps) if one.spare],
        "asked": list(report.asked),
    }


def columns(table: str, listed: Sequence[Row]) -> Iterator[list[Any]]:
    """The rows of a table, column by column."""
    if not listed:
        yield from ([] for _ in COLUMNS[table])
    else:
        yield from (list(map(_storable, column)) for column in zip(*listed, strict=True))


def _storable(value: Any) -> Any:
    """A value whose texts are Unicode: names in somebody's files may not be."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "backslashreplace").decode()
    return [_storable(one) for one in value] if isinstance(value, list) else value
