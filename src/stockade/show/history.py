"""What became of findings over runs, for a person: what changed, and how each control's failures went."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console

from stockade.past import Change, Count, History, Run, Turn
from stockade.show.paper import SEVERITY_STYLES, Paper, Piece, counted, listed

SCHEMA: Final = "stockade.history/1"
_TITLES: Final = {
    Turn.NEW: ("New", "bold red"),
    Turn.REOPENED: ("Failing again", "bold red"),
    Turn.UNKNOWN: ("No longer known", "yellow"),
    Turn.FIXED: ("Fixed", "green"),
    Turn.GONE: ("Gone with their functions", "green"),
    Turn.ACCEPTED: ("Accepted since", "cyan"),
}
_MARKS: Final = {
    Turn.NEW: "✗",
    Turn.REOPENED: "✗",
    Turn.UNKNOWN: "?",
    Turn.FIXED: "✓",
    Turn.GONE: "✓",
    Turn.ACCEPTED: "a",
}


def show(history: History, console: Console) -> None:
    """Write a history."""
    paper = Paper(console)
    if not history.runs:
        paper.prose(f"No run of `{history.series}` is kept here.")
        if history.others:
            said = f"{counted(history.others, 'run')} of others: `stockade history --runs` lists them"
            paper.prose((f"{said}, `--series NAME` tells of one", "dim"))
        _unread(paper, history.unread)
        return
    last = history.runs[-1]
    paper.prose(("stockade ", "bold"), f"history of {history.series} · {counted(len(history.runs), 'run')}")
    paper.prose((f"last: {last.run} of {last.at}, {listed(last.paths, 3)}", "dim"))
    if history.bases:
        paper.prose((f"compared with: {listed(history.bases, 3)}", "dim"))
    else:
        paper.prose(("compared with: nothing, it is the first of its kind", "dim"))
    if len(versions := {one.version for one in history.runs}) > 1:
        which = listed(sorted(versions), 4)
        paper.prose((f"kept by different versions of stockade ({which}), which may see more or less", "yellow"))
    for turn in _TITLES:
        _turn(paper, turn, [one for one in history.changes if one.turn is turn])
    _trend(paper, history)
    if history.unseen:
        paper.heading("Not looked at in the last run", "so nothing is said of what was found there")
        for one in history.unseen:
            paper.prose(one, indent=2, lead=("! ", "yellow"))
    _unread(paper, history.unread)
    paper.blank()
    numbers = [(turn, sum(one.turn is turn for one in history.changes)) for turn in _TITLES]
    parts = [f"{number:,} {_TITLES[turn][0].lower()}" for turn, number in numbers if number]
    paper.prose(" · ".join([*parts, f"{history.open:,} failing as before"]))


def _turn(paper: Paper, turn: Turn, changes: Sequence[Change]) -> None:
    if not changes:
        return
    title, style = _TITLES[turn]
    paper.heading(title, f"{len(changes):,}")
    told = ""
    for one in changes:
        where = f"  {one.path}:{one.line}" if one.path else ""
        lead = (f"{_MARKS[turn]} ", style)
        severity = (one.severity.name.lower(), SEVERITY_STYLES[one.severity])
        paper.prose(severity, f"[{one.control}]: {one.message}", indent=2, lead=lead)
        paper.prose((listed(one.functions, 3) or one.address, "dim"), (where, "dim"), indent=4)
        if one.why and one.why != told:
            told = one.why
            paper.prose((one.why, "italic"), indent=4)


def _trend(paper: Paper, history: History) -> None:
    """Controls that failed in any of the runs, with how often they did in each."""
    failing = {
        name: counts for name, counts in history.trend.items() if any(one and one.fails for one in counts)
    }
    if not failing:
        return
    days = [one.at[5:10] for one in history.runs]
    paper.heading("Failing, run by run", "– not asked")
    wide = max(map(len, failing))
    cell = max(7, *(len(f"{one.fails:,}") + 2 for counts in failing.values() for one in counts if one))
    paper.line((f"{'':<{wide}}" + "".join(f"{day:>{cell}}" for day in days), "dim"), indent=2)
    for name, counts in failing.items():
        pieces: list[Piece] = [f"{name:<{wide}}"]
        before: Count | None = None
        for one in counts:
            text = "–" if one is None else f"{one.fails:,}"
            pieces.append((f"{text:>{cell}}", _style(before, one)))
            before = one or before
        paper.line(*pieces, indent=2)
    undecided = [one.undecided for one in history.runs]
    pieces = [
        f"{'(undecided)':<{wide}}",
        *((f"{number:>{cell},}", "yellow" if number else "dim") for number in undecided),
    ]
    paper.line(*pieces, indent=2)


def _style(before: Count | None, one: Count | None) -> str:
    if one is None:
        return "dim"
    if before is None or before.fails == one.fails:
        return ""
    return "red" if one.fails > before.fails else "green"


def _unread(paper: Paper, unread: Sequence[str]) -> None:
    if unread:
        paper.heading("Not read", counted(len(unread), "run"))
        for one in unread:
            paper.prose(one, indent=2, lead=("! ", "yellow"))


def show_runs(runs: Sequence[Run], unread: Sequence[str], console: Console) -> None:
    """Write the runs that are kept, latest first."""
    paper = Paper(console)
    if not runs:
        paper.prose("No run is kept here.")
    wide = max((len(one.run) for one in runs), default=0)
    for one in reversed(runs):
        counts = f"{one.open:,} failing, {one.undecided:,} undecided, {counted(one.gaps, 'gap')}"
        paper.prose(
            f"{one.at}  {counted(one.functions, 'function')}: {counts}", lead=(f"{one.run:<{wide}}  ", "bold")
        )
        paper.prose((f"{one.series}: {listed(one.paths, 3)}", "dim"), indent=wide + 2)
    _unread(paper, unread)


# -------------------------------------------------------------------------------------------- JSON


def as_json(history: History) -> bytes:
    """A history for machines: ``stockade.history/1``, described by docs/schema/history-1.json."""
    document = {
        "schema": SCHEMA,
        "series": history.series,
        "runs": [_run(one) for one in history.runs],
        "compared_with": list(history.bases),
        "changes": [_change(one) for one in history.changes],
        "unchanged": history.open,
        "trend": {
            name: [None if one is None else _count(one) for one in counts]
            for name, counts in history.trend.items()
        },
        "unseen": list(history.unseen),
        "unread": list(history.unread),
    }
    return _written(document)


def runs_as_json(runs: Sequence[Run], unread: Sequence[str]) -> bytes:
    """The runs that are kept, as the member ``runs`` of the same schema."""
    document = {"schema": SCHEMA, "series": None, "runs": [_run(one) for one in runs], "unread": list(unread)}
    return _written(document)


def _written(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, indent=2) + "\n").encode("ascii")


def _run(one: Run) -> dict[str, Any]:
    return {
        "run": one.run,
        "series": one.series,
        "at": one.at,
        "version": one.version,
        "noise": one.noise,
        "controls": list(one.asked),
        "roots": list(one.roots),
        "paths": list(one.paths),
        "functions": one.functions,
        "fails": one.open,
        "accepted": one.accepted,
        "undecided": one.undecided,
        "crashed": one.crashed,
        "gaps": one.gaps,
    }


def _change(one: Change) -> dict[str, Any]:
    return {
        "turn": one.turn.value,
        "control": one.control,
        "severity": one.severity.name.lower(),
        "root": one.root,
        "address": one.address,
        "functions": list(one.functions),
        "message": one.message,
        "place": {"path": one.path, "line": one.line} if one.path else None,
        "why": one.why or None,
        "fingerprint": one.fingerprint,
    }


def _count(one: Count) -> dict[str, int]:
    return {
        "holds": one.holds,
        "fails": one.fails,
        "accepted": one.accepted,
        "undecided": one.undecided,
        "crashed": one.crashed,
    }
