"""A report for machines: ``stockade.report/1``, a frozen contract described by docs/schema/report-1.json.

Keys are never renamed or removed and keep their meaning; a change of that kind is a new version
beside this one. Only ASCII is written, so that the bytes are the same everywhere and nothing in them
can move a cursor. Places are named, the text that stands there is not copied: it may be a secret.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any

from stockade.checklist import Item
from stockade.control import Crashed, Fails, Fix, Outcome, State, Undecided
from stockade.report import (
    BaselineReport,
    Evidence,
    Finding,
    FunctionReport,
    GapReport,
    Notice,
    Report,
    SecondOpinion,
    Suppression,
)
from stockade.source import Span

SCHEMA = "stockade.report/1"


def show(report: Report) -> bytes:
    """The report as one JSON document, ending in a newline: a finding, a function, a gap to a line."""
    members = (f"  {_encode(key)}: {_block(value)}" for key, value in document(report).items())
    return ("{\n" + ",\n".join(members) + "\n}\n").encode("ascii")


def _block(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _encode(value)
    return "[\n" + ",\n".join(f"    {_encode(one)}" for one in value) + "\n  ]"


_encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode


def document(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    second = {"analyzer": _second(report.analyzer)} if report.analyzer else {}
    return {
        "schema": SCHEMA,
        "tool": {"name": "stockade", "version": report.version, "data": dict(sorted(report.data.items()))},
        "at": report.at,
        "noise": _name(report.noise),
        "inputs": [
            {"kind": one.kind, "path": one.path, "resources": one.resources, "root": one.root}
            for one in report.inputs
        ],
        "configuration": report.configuration,
        "excluded": list(report.excluded),
        "checklist_items": [_item(item, controls) for item, controls in report.items.items()],
        "functions": _functions(report.functions),
        "findings": [_finding(one) for one in report.findings],
        "withheld": {_name(level): number for level, number in sorted(report.withheld.items())},
        "gaps": [_gap(one) for one in report.gaps],
        "notices": [_notice(one) for one in report.notices],
        "baseline": _baseline(report.baseline) if report.baseline else None,
        "coverage": {
            name: {"holds": t.holds, "fails": t.fails, "undecided": t.undecided, "crashed": t.crashed}
            for name, t in sorted(report.coverage.items())
        },
        **second,
    }


def _item(item: Item, controls: Sequence[str]) -> dict[str, Any]:
    return {
        "item": _name(item),
        "section": item.section,
        "title": item.title,
        "controls": sorted(controls),
        "status": "decided" if controls else "not-decided",
    }


def _functions(functions: Sequence[FunctionReport]) -> list[dict[str, Any]]:
    """Most functions share their answers with others, and then the objects that hold them."""
    shared: dict[tuple[int, int], tuple[dict[str, str], dict[str, str]]] = {}
    out: list[dict[str, Any]] = []
    for one in functions:
        key = id(one.checklist), id(one.rows)
        if key not in shared:
            items = {_name(item): state for item, state in one.rows.items()}
            shared[key] = _states(dict(sorted(one.checklist.items()))), _states(items)
        out.append(_function(one, *shared[key]))
    return out


def _function(one: FunctionReport, checklist: dict[str, str], items: dict[str, str]) -> dict[str, Any]:
    return {
        "input": one.input,
        "address": one.address,
        "name": one.name,
        "place": _place(one.span) if one.span else None,
        "doubt": one.doubt or None,
        "checklist": checklist,
        "items": items,
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "control": one.control,
        "item": _name(one.item),
        "input": one.input,
        "address": one.address,
        "functions": list(one.functions),
        "verdict": verdict(one.outcome),
        "severity": _name(one.severity),
        "noise": _name(one.noise),
        "message": one.message,
        "cause": one.cause or None,
        "doubt": one.doubt or None,
        "help": one.help,
        "evidence": _evidence(one.evidence),
        "witness": _witness(one.outcome),
        "fix": _fix(one.fix),
        "suppressed": one.suppressed.reason if one.suppressed else None,
        "suppression": _suppression(one.suppressed) if one.suppressed else None,
        "fingerprint": one.fingerprint,
    }


def verdict(outcome: Outcome) -> str:
    """What the contract calls an outcome that is a finding."""
    match outcome:
        case Fails():
            return "fails"
        case Undecided():
            return "undecided"
        case Crashed():
            return "crashed"
        case _:
            raise AssertionError("a verdict that holds is no finding")


def _witness(outcome: Outcome) -> dict[str, Any] | None:
    request = outcome.shown() if isinstance(outcome, Fails) else None
    if request is None or not isinstance(outcome, Fails):
        return None
    then = [{"says": one.sentence(), **one.fields()} for one in outcome.then]
    return {"says": request.sentence(), **request.fields(), "then": then}


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    code = [{"language": one.language, "text": one.text} for one in fix.code]
    return {"title": fix.title, "safety": _name(fix.safety), "note": fix.note or None, "code": code}


def _suppression(one: Suppression) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "place": _place(one.place) if one.place else None,
        "until": one.until.isoformat() if one.until else None,
    }


def _notice(one: Notice) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "message": one.message,
        "help": one.help,
        "evidence": _evidence(one.evidence),
    }


def _second(one: SecondOpinion) -> dict[str, Any]:
    return {
        "agrees": one.agrees,
        "differs": one.differs,
        "beside": one.beside,
        "unanswered": one.unanswered,
        "unasked": dict(one.unasked),
        "billed": one.billed,
    }


def _baseline(one: BaselineReport) -> dict[str, Any]:
    return {
        "path": one.path,
        "at": one.at,
        "findings": one.findings,
        "gone": one.gone,
        "revision": one.revision or None,
    }


def _gap(one: GapReport) -> dict[str, Any]:
    return {
        "input": one.input,
        "what": one.what,
        "reason": one.reason,
        "help": one.help,
        "evidence": _evidence(one.evidence),
    }


def _evidence(evidence: Sequence[Evidence]) -> list[dict[str, Any]]:
    return [{**_place(one.span), "note": one.note} for one in evidence]


def _place(span: Span) -> dict[str, Any]:
    """Lines and columns from 1, columns in characters; the end is where the next character would be."""
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    return {"path": span.path, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


def _states(states: Mapping[str, State]) -> dict[str, str]:
    return {name: state._value_ for name, state in states.items()}


def _name(one: Enum) -> str:
    """An enum member's name as the contract spells it: ``EXACT_PERMISSIONS`` is ``exact-permissions``."""
    return _spelt(one._name_)


@cache
def _spelt(name: str) -> str:
    return name.lower().replace("_", "-")
