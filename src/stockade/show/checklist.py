"""The checklist at a glance: a block for each of a few functions, a table for many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from string import ascii_lowercase

from rich.cells import cell_len, set_cell_size

from stockade.checklist import Item
from stockade.control import State
from stockade.report import FunctionReport, Report
from stockade.show.paper import GLYPHS, STATE_STYLES, Paper, Piece, counted

LABELS = {
    Item.CUSTOM_ROLE: "own role",
    Item.EXACT_PERMISSIONS: "least privilege",
    Item.SCOPED_LOGS: "scoped logs",
    Item.SCOPED_SECRETS: "scoped secrets",
    Item.NO_UNUSED_PERMISSIONS: "nothing unused",
    Item.VALID_POLICIES: "valid policies",
    Item.RESTRICTED_INVOKERS: "exact invokers",
    Item.SCOPED_API: "one API",
    Item.RESERVED_CONCURRENCY: "concurrency cap",
    Item.PUBLIC_ENDPOINTS: "closed endpoints",
    Item.NO_PLAINTEXT_SECRETS: "no plain secrets",
    Item.RUNTIME_SECRETS: "fetched secrets",
    Item.NO_HOSTNAMES: "no hostnames",
    Item.TRACING: "tracing",
    Item.ERROR_ALARM: "error alarm",
    Item.INVOCATION_ALARM: "spike alarm",
    Item.CURRENT_RUNTIME: "current runtime",
    Item.SCANNED_DEPENDENCIES: "scanned packages",
    Item.CLEAN_PACKAGE: "clean package",
    Item.NETWORK: "network",
    Item.OPERATIONS: "operations",
}
"""What a row is called where there is room for two words."""

BLOCKS = 5
"""Up to so many functions get a block of their own; more are easier to read as a table."""

ROWS = 20
"""How many rows the table has at most: those functions where most is wrong."""

_COUNTED = (
    State.CRASHED,
    State.FAILS,
    State.UNDECIDED,
    State.NOT_DECIDED,
    State.ACCEPTED,
    State.HOLDS,
    State.NOT_APPLICABLE,
)
_MEANINGS = {
    State.HOLDS: "holds",
    State.FAILS: "fails",
    State.UNDECIDED: "undecided",
    State.ACCEPTED: "accepted",
    State.CRASHED: "crashed",
    State.NOT_APPLICABLE: "n/a",
    State.NOT_DECIDED: "not asked for",
}


def glance(paper: Paper, report: Report) -> None:
    """Every row of the checklist for every function, as far as it was asked."""
    items = _asked(report)
    if not items or not report.functions:
        return
    if len(report.functions) <= BLOCKS:
        for one in report.functions:
            _block(paper, one, items)
    else:
        _table(paper, report, items)
    paper.blank()
    present = {one.rows[item] for one in report.functions for item in items}
    legend: list[Piece] = []
    for state, meaning in _MEANINGS.items():
        if state in present:
            space = "  " if legend else ""
            legend += (space, (GLYPHS[state], STATE_STYLES[state]), (f" {meaning}", "dim"))
    paper.line(*legend, indent=2)


def undecided_rows(report: Report) -> list[Item]:
    """The rows that no control of this version decides."""
    return [item for item, controls in report.items.items() if not controls]


def _asked(report: Report) -> list[Item]:
    """The rows to show: all of them, unless only some controls were asked."""
    asked = set(report.asked)
    everything = all(name in asked for controls in report.items.values() for name in controls)
    return [item for item in Item if everything or asked.intersection(report.items[item])]


def _sections(items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    return [(section, list(rows)) for section, rows in groupby(items, key=lambda item: item.section)]


# ------------------------------------------------------------------------------------- few functions


def _block(paper: Paper, one: FunctionReport, items: Sequence[Item]) -> None:
    title = max(len(section) for section, _ in _sections(items))
    cell = max(len(LABELS[item]) for item in items) + 3
    across = max((paper.width - 2 - title - 2 + 1) // cell, 1)
    paper.blank()
    name(paper, one)
    for section, rows in _sections(items):
        for start in range(0, len(rows), across):
            pieces: list[Piece] = [(f"{'' if start else section:<{title}}  ", "dim")]
            for item in rows[start : start + across]:
                state = one.rows[item]
                style = "dim" if state in (State.NOT_DECIDED, State.NOT_APPLICABLE) else ""
                loud = "bold" if state in (State.FAILS, State.CRASHED) else style
                pieces += ((GLYPHS[state], STATE_STYLES[state]), (f" {LABELS[item]:<{cell - 2}}", loud))
            paper.line(*pieces, indent=2)


def name(paper: Paper, one: FunctionReport) -> None:
    """A function's name, address and place."""
    title = one.name or one.address
    address = one.address if title != one.address else ""
    place = f"{one.span.path}:{one.span.line}" if one.span else ""
    doubt = f"may not exist: {one.doubt}" if one.doubt else ""
    pieces: list[Piece] = [(title, "bold")]
    used = cell_len(title)
    for piece in filter(None, (address, place, doubt)):
        if used + 2 + cell_len(piece) > paper.width:
            paper.line(*pieces)
            pieces, used = ["  "], 0
        else:
            pieces.append("  ")
        pieces.append((piece, "dim"))
        used += 2 + cell_len(piece)
    paper.line(*pieces)


# ------------------------------------------------------------------------------------ many functions


def _table(paper: Paper, report: Report, items: Sequence[Item]) -> None:
    letters = dict(zip(items, ascii_lowercase, strict=False))
    paper.heading("Checklist", f"over {counted(len(report.functions), 'function')}")
    _totals(paper, report, items, letters)
    ranked = sorted(
        report.functions,
        key=lambda one: (
            -sum(one.rows[item] is State.FAILS for item in items),
            -sum(one.rows[item] is State.UNDECIDED for item in items),
            one.input,
            one.address,
        ),
    )
    sections = _sections(items)
    cells = len(items) + len(sections)
    shown = ranked[:ROWS]
    wide = min(max(cell_len(paper.safe(one.name or one.address)) for one in shown), paper.width - cells - 4)
    heads = " ".join("".join(letters[item] for item in rows) for _, rows in sections)
    paper.blank()
    paper.line(" " * (wide + 2), (heads, "dim"), indent=2)
    for source in dict.fromkeys(one.input for one in shown):
        if len(report.inputs) > 1:
            paper.line((report.inputs[source].path, "dim"), indent=2)
        for one in shown:
            if one.input == source:
                _row(paper, one, sections, wide)
    if len(ranked) > ROWS:
        paper.line((f"and {len(ranked) - ROWS:,} more; `--format json` has them all", "dim"), indent=2)


def _row(paper: Paper, one: FunctionReport, sections: Sequence[tuple[str, list[Item]]], wide: int) -> None:
    pieces: list[Piece] = [set_cell_size(paper.safe(one.name or one.address), wide), " "]
    used = 2 + wide + 1
    for _, rows in sections:
        pieces.append(" ")
        pieces += ((GLYPHS[one.rows[item]], STATE_STYLES[one.rows[item]]) for item in rows)
        used += 1 + len(rows)
    place = f"{one.span.path}:{one.span.line}" if one.span else ""
    if place and used + 2 + cell_len(paper.safe(place)) <= paper.width:
        pieces.append((f"  {place}", "dim"))
    paper.line(*pieces, indent=2)


def _totals(paper: Paper, report: Report, items: Sequence[Item], letters: dict[Item, str]) -> None:
    """How many functions have which answer, row by row; this is also the key to the table's letters."""
    counts = {item: Counter(one.rows[item] for one in report.functions) for item in items}
    states = [state for state in _COUNTED if any(counts[item][state] for item in items)]
    digits = max(len(f"{len(report.functions):,}"), 2)
    title = min(max(len(item.title) for item in items), paper.width - 8 - len(states) * (digits + 2))
    head: list[Piece] = [" " * (title + 5)]
    head += ((f"  {GLYPHS[state]:>{digits}}", STATE_STYLES[state]) for state in states)
    paper.line(*head, indent=2)
    for section, rows in _sections(items):
        paper.line((section, "dim"), indent=2)
        for item in rows:
            here = counts[item]
            label = item.title if len(item.title) <= title else item.title[: title - 1] + "…"
            pieces: list[Piece] = [
                (f"{letters[item]}  ", "dim"),
                (f"{label:<{title}}", "dim" if here[State.NOT_DECIDED] == here.total() else ""),
            ]
            for state in states:
                number = here[state]
                pieces.append(
                    (
                        f"  {f'{number:,}' if number else '':>{digits}}",
                        STATE_STYLES[state] if number else "dim",
                    )
                )
            paper.line(*pieces, indent=4)
