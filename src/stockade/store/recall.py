"""A report again, of what was kept of it: the same document, and on a terminal the same without excerpts.

The text of files is not kept, so places are known by their lines and columns alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from stockade.checklist import Item
from stockade.control import Code, Crashed, Fails, Fix, Noise, Outcome, Safety, Severity, State, Undecided
from stockade.iam.request import Request, caller
from stockade.report import (
    BaselineReport,
    Evidence,
    Finding,
    FunctionReport,
    GapReport,
    InputReport,
    Notice,
    NoticeKind,
    Report,
    SecondOpinion,
    Suppression,
    SuppressionKind,
    Tally,
)
from stockade.source import Remembered, Span
from stockade.store.together import together
from stockade.value import Default, Unknown

T = TypeVar("T")

_KEPT = Default("it was kept so")


class Retold(Request):
    """A request that was shown once, in the words of then."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        who = told["principal"]
        super().__init__(caller(who) if who else None, told["action"], told["resource"], told["context"])
        self._told = told

    def sentence(self) -> str:
        return str(self._told["says"])

    def fields(self) -> dict[str, Any]:
        return {key: self._told[key] for key in ("principal", "action", "resource", "context")}


def decoded(documents: Iterable[tuple[str, str]]) -> Report:
    """The report that documents of ``stockade.report/1`` were made of, as far as outputs tell of it.

    Each is a text beside what its output leaves out; several, which a run of a fleet has, become one report.
    """
    recalled = _Recalled()
    return together([recalled.report(json.loads(document), json.loads(aside)) for document, aside in documents])


class _Recalled:
    """Makes a report's parts, each file's places of one source."""

    def __init__(self) -> None:
        self._sources: dict[str, Remembered] = {}
        self._asked: dict[str, int] = {}
        self._answers: dict[tuple[tuple[str, str], ...], Any] = {}

    def report(self, of: Mapping[str, Any], aside: Mapping[str, Any]) -> Report:
        together: Mapping[str, str] = aside.get("together", {})
        asked = tuple(aside.get("asked", of["coverage"]))
        self._asked = {name: number for number, name in enumerate(asked)}
        spare = set(aside.get("spare", ()))
        items = {_item(one["item"]): tuple(one["controls"]) for one in of["checklist_items"]}
        baseline = of["baseline"]
        return Report(
            version=of["tool"]["version"],
            data=of["tool"]["data"],
            at=of["at"],
            noise=Noise[of["noise"].upper()],
            inputs=tuple(
                InputReport(one["kind"], one["path"], one["resources"], one["root"]) for one in of["inputs"]
            ),
            functions=tuple(map(self._function, of["functions"])),
            findings=tuple(
                self._finding(one, together.get(str(index), "")) for index, one in enumerate(of["findings"])
            ),
            withheld={Noise[level.upper()]: number for level, number in of["withheld"].items()},
            gaps=tuple(self._gap(one, index in spare) for index, one in enumerate(of["gaps"])),
            items=items,
            asked=asked,
            coverage={name: Tally(**counts) for name, counts in of["coverage"].items()},
            concealed=(),
            notices=tuple(map(self._notice, of["notices"])),
            baseline=BaselineReport(baseline["path"], baseline["at"], baseline["findings"], baseline["gone"])
            if baseline
            else None,
            analyzer=SecondOpinion(**of["analyzer"]) if "analyzer" in of else None,
            configuration=of["configuration"],
            excluded=tuple(of["excluded"]),
        )

    def _function(self, one: Mapping[str, Any]) -> FunctionReport:
        return FunctionReport(
            input=one["input"],
            address=one["address"],
            name=one["name"],
            span=self._span(one["place"]),
            doubt=one["doubt"] or "",
            checklist=self._same(
                one["checklist"], lambda of: {name: State(of[name]) for name in self._ordered(of)}
            ),
            rows=self._same(one["items"], lambda of: {_item(name): State(state) for name, state in of.items()}),
        )

    def _same(
        self, of: Mapping[str, str], make: Callable[[Mapping[str, str]], Mapping[T, State]]
    ) -> Mapping[T, State]:
        """Functions by the thousand have the same answers, which are made once."""
        key = tuple(of.items())
        found: Mapping[T, State] | None = self._answers.get(key)
        if found is None:
            found = self._answers[key] = make(of)
        return found

    def _ordered(self, names: Mapping[str, Any]) -> list[str]:
        """Controls in the order they were asked in, which the document does not have."""
        return sorted(names, key=lambda name: self._asked.get(name, len(self._asked)))

    def _finding(self, one: Mapping[str, Any], together: str) -> Finding:
        fix = _fix(one["fix"])
        return Finding(
            control=one["control"],
            item=_item(one["item"]),
            input=one["input"],
            address=one["address"],
            functions=tuple(one["functions"]),
            outcome=_outcome(one, fix, together),
            severity=Severity[one["severity"].upper()],
            noise=Noise[one["noise"].upper()],
            message=one["message"],
            cause=one["cause"] or "",
            help=one["help"],
            evidence=self._evidence(one["evidence"]),
            fix=fix,
            doubt=one["doubt"] or "",
            suppressed=self._suppression(one["suppressed"], one["suppression"]),
            fingerprint=one["fingerprint"],
        )

    def _suppression(self, reason: str | None, one: Mapping[str, Any] | None) -> Suppression | None:
        if one is None:
            return None
        until = date.fromisoformat(one["until"]) if one["until"] else None
        return Suppression(SuppressionKind(one["kind"]), reason or "", self._span(one["place"]), until)

    def _gap(self, one: Mapping[str, Any], spare: bool) -> GapReport:
        evidence = self._evidence(one["evidence"])
        about = tuple(one.get("about", ()))
        return GapReport(one["input"], one["what"], one["reason"], one["help"], evidence, spare, about)

    def _notice(self, one: Mapping[str, Any]) -> Notice:
        return Notice(NoticeKind(one["kind"]), one["message"], one["help"], self._evidence(one["evidence"]))

    def _evidence(self, listed: Sequence[Mapping[str, Any]]) -> tuple[Evidence, ...]:
        return tuple(Evidence(span, one["note"]) for one in listed if (span := self._span(one)))

    def _span(self, one: Mapping[str, Any] | None) -> Span | None:
        if one is None:
            return None
        source = self._sources.setdefault(one["path"], Remembered(one["path"]))
        start = source.offset(one["line"], one["column"])
        return Span(source, start, source.offset(one["end_line"], one["end_column"]))


def _outcome(one: Mapping[str, Any], fix: Fix | None, together: str) -> Outcome:
    match one["verdict"]:
        case "fails":
            witness = one["witness"]
            return Fails(
                one["message"],
                _KEPT,
                fix,
                together=together,
                witness=Retold(witness) if witness else None,
                then=tuple(map(Retold, witness["then"])) if witness else (),
            )
        case "undecided":
            return Undecided(Unknown(one["cause"] or "", _KEPT))
        case _:
            return Crashed(one["message"].removeprefix("the control itself failed: "))


def _fix(one: Mapping[str, Any] | None) -> Fix | None:
    if one is None:
        return None
    code = tuple(Code(piece["language"], piece["text"]) for piece in one["code"])
    return Fix(one["title"], Safety[one["safety"].upper()], (), one["note"] or "", code)


def _item(name: str) -> Item:
    return Item[name.upper().replace("-", "_")]
