"""A report for machines: ``stockade.report/1``, a frozen contract described by docs/schema/report-1.json.

Keys are never renamed or removed and keep their meaning; a change of that kind is a new version
beside this one. Only ASCII is written, so that the bytes are the same everywhere and nothing in them
can move a cursor. Places are named, the text that stands there is not copied: it may be a secret.

Findings and functions, of which there are thousands, are written as text and not by way of objects that an
encoder takes apart again, which took twice as long.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cache
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any

from stockade.checklist import Item
from stockade.control import Crashed, Fails, Fix, Outcome, Undecided
from stockade.memory import remembered
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
from stockade.source import Source, Span

SCHEMA = "stockade.report/1"


def show(report: Report) -> bytes:
    """The report as one JSON document, ending in a newline: a finding, a function, a gap to a line."""
    second = {"analyzer": _second(report.analyzer)} if report.analyzer else {}
    writer = _Writer()
    members: dict[str, list[str] | Any] = {
        "schema": SCHEMA,
        "tool": {"name": "stockade", "version": report.version, "data": dict(sorted(report.data.items()))},
        "at": report.at,
        "noise": _name(report.noise),
        "inputs": [
            _encode({"kind": one.kind, "path": one.path, "resources": one.resources, "root": one.root})
            for one in report.inputs
        ],
        "configuration": report.configuration,
        "excluded": [_quoted(one) for one in report.excluded],
        "checklist_items": [_item(item, controls) for item, controls in report.items.items()],
        "functions": [writer.function(one) for one in report.functions],
        "findings": [writer.finding(one) for one in report.findings],
        "withheld": {_name(level): number for level, number in sorted(report.withheld.items())},
        "gaps": [writer.gap(one) for one in report.gaps],
        "notices": [writer.notice(one) for one in report.notices],
        "baseline": _baseline(report.baseline) if report.baseline else None,
        "coverage": {
            name: {"holds": t.holds, "fails": t.fails, "undecided": t.undecided, "crashed": t.crashed}
            for name, t in sorted(report.coverage.items())
        },
        **second,
    }
    out = ["{\n"]
    for key, value in members.items():
        out += (",\n" if len(out) > 1 else "", "  ", _quoted(key), ": ")
        if isinstance(value, list) and value:
            out += ("[\n    ", ",\n    ".join(value), "\n  ]")
        else:
            out.append(_encode(value))
    out.append("\n}\n")
    return "".join(out).encode("ascii")


def document(report: Report) -> dict[str, Any]:
    """The report as plain data: what ``show`` writes, read again."""
    read: dict[str, Any] = json.loads(show(report))
    return read


_encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode


def _item(item: Item, controls: Sequence[str]) -> str:
    return _encode(
        {
            "item": _name(item),
            "section": item.section,
            "title": item.title,
            "controls": sorted(controls),
            "status": "decided" if controls else "not-decided",
        }
    )


class _Writer:
    """The lines of one report, and the pieces of them that many lines share."""

    def __init__(self) -> None:
        self._places: dict[int, str] = {}
        """By the identity of a place, which the report keeps alive: most findings of a resource share one."""
        self._answers: dict[tuple[int, int], str] = {}
        self._paths: dict[Source, str] = {}

    def function(self, one: FunctionReport) -> str:
        """Most functions share their answers with others, and then the objects that hold them."""
        key = id(one.checklist), id(one.rows)
        answers = self._answers.get(key)
        if answers is None:
            states = ", ".join([_answer(name, state._value_) for name, state in sorted(one.checklist.items())])
            items = ", ".join([_answer(_name(item), state._value_) for item, state in one.rows.items()])
            answers = self._answers[key] = f'"checklist": {{{states}}}, "items": {{{items}}}'
        place = f"{{{self.place(one.span)}}}" if one.span else "null"
        return (
            f'{{"input": {one.input}, "address": {_quoted(one.address)}, "name": {_quoted(one.name)}, '
            f'"place": {place}, "doubt": {_or_null(one.doubt)}, {answers}}}'
        )

    def finding(self, one: Finding) -> str:
        suppressed = one.suppressed
        return (
            f'{{"control": {_told(one.control)}, "item": {_named(one.item)}, "input": {one.input}, '
            f'"address": {_quoted(one.address)}, "functions": [{", ".join(map(_quoted, one.functions))}], '
            f'"verdict": "{verdict(one.outcome)}", "severity": {_named(one.severity)}, '
            f'"noise": {_named(one.noise)}, "message": {_told(one.message)}, '
            f'"cause": {_told(one.cause or None)}, "doubt": {_told(one.doubt or None)}, '
            f'"help": {_told(one.help)}, '
            f'"evidence": {self.evidence(one.evidence)}, "witness": {_witness(one.outcome)}, '
            f'"fix": {_fix(one.fix)}, "suppressed": {_quoted(suppressed.reason) if suppressed else "null"}, '
            f'"suppression": {self.suppression(suppressed) if suppressed else "null"}, '
            f'"fingerprint": {_quoted(one.fingerprint)}}}'
        )

    def gap(self, one: GapReport) -> str:
        about = f', "about": [{", ".join(map(_quoted, one.about))}]' if one.about else ""
        return (
            f'{{"input": {one.input}, "what": {_quoted(one.what)}, "reason": {_quoted(one.reason)}, '
            f'"help": {"null" if one.help is None else _quoted(one.help)}, '
            f'"evidence": {self.evidence(one.evidence)}{about}}}'
        )

    def notice(self, one: Notice) -> str:
        return (
            f'{{"kind": {_quoted(one.kind.value)}, "message": {_quoted(one.message)}, '
            f'"help": {_quoted(one.help)}, "evidence": {self.evidence(one.evidence)}}}'
        )

    def suppression(self, one: Suppression) -> str:
        place = f"{{{self.place(one.place)}}}" if one.place else "null"
        until = _quoted(one.until.isoformat()) if one.until else "null"
        return f'{{"kind": {_quoted(one.kind.value)}, "place": {place}, "until": {until}}}'

    def evidence(self, evidence: Iterable[Evidence]) -> str:
        shown = [f'{{{self.place(one.span)}, "note": {_quoted(one.note)}}}' for one in evidence]
        return f"[{', '.join(shown)}]"

    def place(self, span: Span) -> str:
        """Lines and columns from 1, columns in characters; the end is where the next character would be."""
        found = self._places.get(id(span))
        if found is None:
            source = span.source
            path = self._paths.get(source)
            if path is None:
                path = self._paths[source] = _quoted(source.path)
            line, column = source.position(span.start)
            end_line, end_column = source.position(span.end)
            found = self._places[id(span)] = (
                f'"path": {path}, "line": {line}, "column": {column}, '
                f'"end_line": {end_line}, "end_column": {end_column}'
            )
        return found


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


def _witness(outcome: Outcome) -> str:
    request = outcome.shown() if isinstance(outcome, Fails) else None
    if request is None or not isinstance(outcome, Fails):
        return "null"
    then = [{"says": one.sentence(), **one.fields()} for one in outcome.then]
    return _encode({"says": request.sentence(), **request.fields(), "then": then})


def _fix(fix: Fix | None) -> str:
    if fix is None:
        return "null"
    code = _encode([{"language": one.language, "text": one.text} for one in fix.code]) if fix.code else "[]"
    return (
        f'{{"title": {_told(fix.title)}, "safety": {_named(fix.safety)}, "note": {_told(fix.note or None)}, '
        f'"code": {code}}}'
    )


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


@cache
def _answer(name: str, state: str) -> str:
    return f"{_quoted(name)}: {_quoted(state)}"


def _or_null(text: str) -> str:
    return _quoted(text) if text else "null"


@remembered(1 << 12)  # what a control says, it says of many
def _told(text: str | None) -> str:
    return "null" if text is None else _quoted(text)


def _name(one: Enum) -> str:
    """An enum member's name as the contract spells it: ``EXACT_PERMISSIONS`` is ``exact-permissions``."""
    return _spelt(one._name_)


def _named(one: Enum) -> str:
    return _spelt_quoted(one._name_)


@cache
def _spelt(name: str) -> str:
    return name.lower().replace("_", "-")


@cache
def _spelt_quoted(name: str) -> str:
    return _quoted(_spelt(name))
