"""A comparison of what is written with what is there, for a person and for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from rich.console import Console

from stockade.drifted import Alone, Difference, Drift, Said, Standing, Unread
from stockade.show.paper import Paper, counted, listed
from stockade.source import Span

SCHEMA: Final = "stockade.drift/1"
_MOST: Final = 12
"""Functions that are only there which are named; an account has many that a project did not write."""
_VERBS: Final = {Standing.MISSING: "is not there", Standing.EXTRA: "is not written"}


def show(drift: Drift, console: Console, labels: tuple[str, str]) -> None:
    """Write a comparison. ``labels`` are what the two sides are called, in a word each."""
    paper = Paper(console)
    paper.prose(
        ("stockade ", "bold"),
        (drift.version, "bold"),
        f" · drift of {listed(drift.other, 3)} from {listed(drift.written, 3)}",
        f" · {counted(len(drift.compared), 'function')} compared",
    )
    told = [one for one in drift.differences if one.standing is not Standing.UNKNOWN]
    for function, some in groupby(told, key=lambda one: one.function):
        _function(paper, function, some, drift, labels)
    _alone(paper, "Written, and not there", "✗", drift.missing)
    _alone(paper, "There, and not written", "•", drift.extra)
    _unknown(paper, [one for one in drift.differences if one.standing is Standing.UNKNOWN])
    _unread(paper, drift.gaps)
    _summary(paper, drift)


def _function(
    paper: Paper, name: str, some: Iterable[Difference], drift: Drift, labels: tuple[str, str]
) -> None:
    paper.heading(name)
    for both in drift.compared:
        if both.name == name:
            sides = zip(labels, (both.written, both.other), strict=True)
            places = [f"{label} {_where(said)}" for label, said in sides]
            paper.prose((" · ".join(places), "dim"))
    for one in some:
        _difference(paper, one, labels)


def _difference(paper: Paper, one: Difference, labels: tuple[str, str]) -> None:
    """One difference: in a line where it is there or not, else with what both sides say."""
    what = one.kind if one.name in (one.function, "") else f"{one.kind} {one.name}"
    if one.kind == "function":
        what = ""
    what = f"{what} {one.attribute}".strip()
    controls = (f"  [{', '.join(one.controls)}]", "dim")
    lead = ("✗ ", "bold red")
    if one.standing in _VERBS:
        said = one.written if one.standing is Standing.MISSING else one.other
        where = (f"  {_where(said)}", "dim") if said else ""
        paper.prose((what, "bold"), f" {_VERBS[one.standing]}", where, controls, lead=lead)
        return
    paper.prose((what, "bold"), f" {_differs(one)}", controls, lead=lead)
    if one.witness is not None:
        paper.prose(one.witness.sentence(), indent=4, lead=("witness  ", "dim"))
    wide = max(map(len, labels)) + 2
    for label, said in zip(labels, (one.written, one.other), strict=True):
        if said is not None:
            paper.prose(said.text, (f"  {_where(said)}", "dim"), indent=4, lead=(f"{label:<{wide}}", "dim"))


def _differs(one: Difference) -> str:
    if one.witness is not None:
        return "allows what is not written" if one.wider else "no longer allows all that is written"
    return one.reason or "differs"


def _where(said: Said) -> str:
    """Where a side says it: a place, the call that answered so, or whose default it is."""
    place = f"{said.span.path}:{said.span.line}" if said.span else ""
    return "  ".join(one for one in (place, f"({said.source})" if said.source else "") if one)


def _alone(paper: Paper, title: str, mark: str, functions: Sequence[Alone]) -> None:
    if not functions:
        return
    paper.heading(title, counted(len(functions), "function"))
    for one in functions[:_MOST]:
        lead = ("? ", "yellow") if one.reason else (f"{mark} ", "bold red" if mark == "✗" else "dim")
        paper.prose(one.name, (f"  {_where(one.said)}", "dim"), indent=2, lead=lead)
        if one.reason:
            paper.prose((one.reason, "italic"), indent=4)
    if len(functions) > _MOST:
        paper.prose((f"and {len(functions) - _MOST:,} more (`--format json` lists them)", "dim"), indent=2)


def _unknown(paper: Paper, differences: Iterable[Difference]) -> None:
    """What cannot be compared, by the reason: one missing variable may be behind all of it."""
    reasons: dict[str, list[Difference]] = {}
    for one in differences:
        reasons.setdefault(one.reason, []).append(one)
    if not reasons:
        return
    number = sum(map(len, reasons.values()))
    paper.heading("Cannot be compared", f"{number:,} of {counted(len(reasons), 'reason')}")
    for reason, some in sorted(reasons.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        paper.prose(reason, indent=2, lead=("? ", "yellow"))
        whats = list(dict.fromkeys(f"{_thing(one)} of {one.function}" for one in some))
        paper.prose((listed(whats, 4), "dim"), indent=4)


def _thing(one: Difference) -> str:
    name = "" if one.name in (one.function, "") else f" {one.name}"
    whole = f"{one.kind}{name}"
    if one.kind == "function":
        whole = ""
    return (f"{whole} {one.attribute}" if one.attribute else whole).strip()


def _unread(paper: Paper, gaps: Sequence[Unread]) -> None:
    if not gaps:
        return
    paper.heading("Not read", counted(len(gaps), "gap"))
    for one in gaps:
        paper.prose(f"{one.what}: {one.reason}", (f"  ({one.side})", "dim"), indent=2, lead=("! ", "yellow"))
        if one.help:
            paper.prose(one.help, indent=4, lead=("help  ", "dim"))


def _summary(paper: Paper, drift: Drift) -> None:
    paper.blank()
    differing = sum(one.standing is not Standing.UNKNOWN for one in drift.differences)
    unknown = len(drift.differences) - differing
    missing = sum(not one.reason for one in drift.missing)
    if not drift.compared and not drift.missing:
        paper.prose("No function is on both sides: nothing was compared.")
    parts = [
        (f"{differing:,} different", "bold red") if differing else ("nothing that matters differs", "green"),
        (f"{counted(missing, 'function')} not there", "bold red") if missing else ("", ""),
        (f"{unknown:,} cannot be compared", "yellow") if unknown else ("", ""),
        (f"{drift.same:,} the same", ""),
    ]
    if not drift.compared and not differing:
        parts = parts[1:]
    shown = [part for part in parts if part[0]]
    pieces = [piece for position, part in enumerate(shown) for piece in ((" · " if position else "", ""), part)]
    paper.prose(*pieces)


# -------------------------------------------------------------------------------------------- JSON


def as_json(drift: Drift) -> bytes:
    """A comparison for machines: ``stockade.drift/1``, described by docs/schema/drift-1.json."""
    document = {
        "schema": SCHEMA,
        "tool": {"name": "stockade", "version": drift.version},
        "at": drift.at,
        "written": list(drift.written),
        "other": list(drift.other),
        "compared": [
            {"name": one.name, "written": _as_said(one.written), "other": _as_said(one.other)}
            for one in drift.compared
        ],
        "same": drift.same,
        "differences": [_as_difference(one) for one in drift.differences],
        "missing": [_as_alone(one) for one in drift.missing],
        "extra": [_as_alone(one) for one in drift.extra],
        "gaps": [
            {"side": one.side, "what": one.what, "reason": one.reason, "help": one.help} for one in drift.gaps
        ],
    }
    return (json.dumps(document, indent=2) + "\n").encode("ascii")


def _as_difference(one: Difference) -> dict[str, Any]:
    witness = None
    if one.witness is not None:
        witness = {"says": one.witness.sentence(), **one.witness.fields()}
    return {
        "function": one.function,
        "kind": one.kind,
        "name": one.name,
        "attribute": one.attribute or None,
        "standing": one.standing.value,
        "direction": None if one.wider is None else "wider" if one.wider else "narrower",
        "reason": one.reason or None,
        "written": _as_said(one.written),
        "other": _as_said(one.other),
        "witness": witness,
        "controls": list(one.controls),
    }


def _as_said(one: Said | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"text": one.text, "place": _as_place(one.span), "source": one.source or None}


def _as_place(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    line, column = span.source.position(span.start)
    return {"path": span.path, "line": line, "column": column}


def _as_alone(one: Alone) -> dict[str, Any]:
    place = _as_place(one.said.span)
    return {"name": one.name, "address": one.said.text, "place": place, "reason": one.reason or None}
