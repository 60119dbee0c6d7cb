"""A run over many accounts for a person: how much was read, what fails most, and what nobody can speak of."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from io import StringIO
from typing import Any, Final

from rich.console import Console

from stockade.posture import Posture
from stockade.show.escape import escape
from stockade.show.paper import SEVERITY_STYLES, Paper, Piece, counted

_CONTROLS: Final = 15
_WIDEST: Final = 60
"""Cells of one column of a table on a terminal."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def show(posture: Posture, console: Console) -> None:
    """Write the summary of a run."""
    paper = Paper(console)
    paper.prose(("stockade ", "bold"), f"fleet · {posture.series} · {posture.run}")
    read = posture.inputs - posture.partly
    owners = _owners(posture, posture.owners)
    paper.prose(
        f"{counted(posture.functions, 'function')} in {counted(posture.inputs, 'input')} of {owners}; "
        f"{read:,} of {posture.inputs:,} were read whole"
    )
    if not posture.functions:
        paper.prose("No Lambda function was found in what could be read.")
    if posture.controls:
        paper.heading("Failing", "by severity and number; `stockade fleet ask functions` says where")
        wide = max(len(one.control) for one in posture.controls)
        for one in posture.controls[:_CONTROLS]:
            severity = f"{one.severity.name.lower():<8}"
            paper.line(
                (severity, SEVERITY_STYLES[one.severity]),
                f"  {one.control:<{wide}}  {one.findings:>9,}",
                (f"  {counted(one.functions, 'function')}, {_owners(posture, one.owners)}", "dim"),
                indent=2,
            )
        if more := len(posture.controls) - _CONTROLS:
            if more > 0:
                paper.line(
                    (f"and {counted(more, 'more control')}: `stockade fleet ask controls`", "dim"), indent=2
                )
    if posture.unread:
        paper.heading("Not read", "nothing is said of it, so nothing of it holds")
        for lost in posture.unread:
            times = f" ({lost.times:,} times, as in {lost.example})" if lost.times > 1 else f" ({lost.example})"
            reason = lost.reason.partition("; they tell ")[0]  # of many calls that is half a page
            paper.prose(f"{lost.what}: {reason}", (times, "dim"), indent=2, lead=("! ", "yellow"))
        paper.prose(("`stockade fleet ask unread` lists all of it", "dim"), indent=2)
    if posture.baseline is not None:
        paper.heading("In the baseline", f"{counted(posture.known, 'finding')} of {posture.baseline.at[:10]}")
        if gone := posture.baseline.gone:
            verb = "is" if gone == 1 else "are"
            paper.prose(f"{gone:,} of the baseline {verb} gone", indent=2, lead=("- ", "green"))
    paper.blank()
    parts: list[str] = [
        f"{number:,} {one.name.lower()}" for one, number in posture.failing.items() if number
    ] or ["nothing fails"]
    for number, what in (
        (posture.undecided, "undecided"),
        (posture.accepted, "accepted"),
        (posture.crashed, "crashed"),
    ):
        if number:
            parts.append(f"{number:,} {what}")
    if posture.partly:
        parts.append(f"{posture.partly:,} of {posture.inputs:,} inputs not read whole")
    paper.prose(" · ".join(parts))
    paper.prose((f"`stockade report {posture.run}` shows every finding", "dim"))


def _owners(posture: Posture, number: int) -> str:
    return (
        f"{number:,} repositories"
        if posture.kind == "repository" and number != 1
        else counted(number, posture.kind)
    )


def listing(rows: Sequence[tuple[str, str]], console: Console) -> None:
    """Write names, and what each tells."""
    paper = Paper(console)
    wide = max(len(name) for name, _ in rows)
    for name, tells in rows:
        paper.prose(tells, lead=(f"{name:<{wide}}  ", "bold"))


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], console: Console) -> None:
    """Write rows under the names of their columns, each as wide as it needs to be."""
    paper = Paper(console)
    texts = [[_shown(cell) for cell in row] for row in rows]
    widths = [
        min(_WIDEST, max([paper.cells(name), *(paper.cells(row[place]) for row in texts)]))
        for place, name in enumerate(columns)
    ]
    right = [all(isinstance(row[place], int | float) for row in rows) for place in range(len(columns))]

    def padded(cell: str, place: int) -> str:
        cut = cell if paper.cells(cell) <= widths[place] else cell[: widths[place] - 1] + "…"
        blank = " " * max(0, widths[place] - paper.cells(cut))
        return blank + cut if right[place] else cut + blank

    heads: list[Piece] = [("  ".join(padded(name, place) for place, name in enumerate(columns)), "bold")]
    paper.line(*heads)
    for row in texts:
        paper.line("  ".join(padded(cell, place) for place, cell in enumerate(row)))


def as_json(answer: Any) -> bytes:
    """An answer as JSON: the run, the columns' names with each row, and what it does not speak of."""
    told = {
        "schema": "stockade.fleet-answer/1",
        "run": answer.run,
        "view": answer.view,
        "rows": [dict(zip(answer.columns, row, strict=True)) for row in answer.rows],
        "total": answer.total,
        "not_asked": list(answer.unasked),
        "inputs": answer.inputs,
        "inputs_not_read_whole": answer.partly,
    }
    return (json.dumps(told, indent=2) + "\n").encode()


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows as CSV; a cell that a spreadsheet would take for a formula has an apostrophe in front."""
    text = StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(columns)
    for row in rows:
        cells = [escape(_shown(cell)) for cell in row]
        out.writerow([f"'{one}" if one.startswith(_FORMULA) else one for one in cells])
    return text.getvalue().encode()


def _shown(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case int():
            return f"{cell}"
        case list() | tuple():
            return ", ".join(_shown(one) for one in cell)
        case _:
            return str(cell)
