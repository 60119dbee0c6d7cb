"""The report as one page that opens anywhere: no network, no other file, nothing of a stranger's could run.

The page is made of texts in ``page`` and of data as JSON; it draws what is looked at, so that a thousand
functions are as quick as one. A policy in the page allows only its own style and script, by their hashes.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from stockade.checklist import Item
from stockade.control import Control, Crashed, Fails, State
from stockade.patched import Told
from stockade.paths.graph import Path, Picture, Way
from stockade.report import Evidence, Finding, Report
from stockade.show import told
from stockade.show.escape import escape
from stockade.show.excerpt import lines
from stockade.source import Span

LIMIT: Final = 5_000_000
"""Bytes of a page; beyond, it goes without source, then without proofs, and says so."""
_STATES: Final = {
    State.HOLDS: "h",
    State.FAILS: "f",
    State.UNDECIDED: "u",
    State.CRASHED: "c",
    State.ACCEPTED: "a",
    State.NOT_APPLICABLE: "-",
    State.NOT_DECIDED: "n",
}
_PATHS: Final = 60


def show(
    report: Report,
    controls: Sequence[Control[Any]],
    fixes: Sequence[Told] = (),
    pictures: Sequence[Picture] = (),
    paths: Sequence[Path] = (),
    trend: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """The page. ``trend`` are earlier runs, oldest first: ``at``, and how many findings failed and functions
    were clean."""
    page = b""
    for left_out in ((), ("source",), ("source", "proof")):
        data = _Data(report, controls, fixes, pictures, paths, trend, left_out).document()
        page = _page(data)
        if len(page) <= LIMIT:
            break
    return page


def _page(data: dict[str, Any]) -> bytes:
    style, script, frame = (_text(name) for name in ("style.css", "page.js", "page.html"))
    # inside of a script element only `<` could end it, and these two end lines in old engines
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'"
    parts = {"POLICY": policy, "STYLE": style, "DATA": text, "SCRIPT": script}
    out = frame
    for name in ("POLICY", "STYLE", "SCRIPT", "DATA"):  # data last: nothing in it is a name of ours
        before, _, after = out.partition(f"{{{{{name}}}}}")
        out = before + parts[name] + after
    return out.encode("utf-8", "replace")


def _text(name: str) -> str:
    return (files("stockade.show") / "page" / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


class _Data:
    """What the page is told: texts once each, everything else by numbers."""

    def __init__(
        self,
        report: Report,
        controls: Sequence[Control[Any]],
        fixes: Sequence[Told],
        pictures: Sequence[Picture],
        paths: Sequence[Path],
        trend: Sequence[Mapping[str, Any]],
        left_out: Sequence[str],
    ) -> None:
        self._report, self._pictures, self._paths, self._trend = report, pictures, paths, trend
        self._left_out = left_out
        self._texts: dict[str, int] = {}
        self._controls = [one for one in controls if one.name in set(report.asked)]
        self._control = {one.name: number for number, one in enumerate(self._controls)}
        self._items = list(report.items)
        self._item = {one: number for number, one in enumerate(self._items)}
        self._function = {(one.input, one.address): number for number, one in enumerate(report.functions)}
        self._fixes = {(one.finding.input, one.finding.fingerprint): one for one in fixes}

    def _text(self, text: str) -> int:
        return self._texts.setdefault(escape(text), len(self._texts))

    def document(self) -> dict[str, Any]:
        report = self._report
        return {
            "version": report.version,
            "at": report.at,
            "noise": report.noise.name.lower(),
            "data": dict(sorted(report.data.items())),
            "leftOut": list(self._left_out),
            "inputs": [[one.kind, escape(one.path)] for one in report.inputs],
            "items": [[item.section, item.title, _short(item)] for item in self._items],
            "controls": [
                [
                    one.name,
                    self._item[one.item],
                    int(one.severity),
                    self._text(one.summary),
                    self._text(one.page),
                ]
                for one in self._controls
            ],
            "functions": [
                [
                    one.input,
                    escape(one.address),
                    escape(one.name),
                    str(_place(one.span) or ""),
                    self._text(one.doubt) if one.doubt else -1,
                    "".join(_STATES[one.checklist.get(c.name, State.NOT_DECIDED)] for c in self._controls),
                    "".join(_STATES[one.rows.get(item, State.NOT_DECIDED)] for item in self._items),
                ]
                for one in report.functions
            ],
            "findings": [self._finding(one) for one in report.findings],
            "gaps": [
                [one.input, self._text(told.gap(one)), _places(one.evidence), one.spare] for one in report.gaps
            ],
            "notices": [self._text(told.sentence(f"{one.message}; {one.help}")) for one in report.notices],
            "withheld": {level.name.lower(): number for level, number in report.withheld.items()},
            "pictures": [
                [number, self._picture(one)]
                for one in self._pictures
                if (number := self._function.get((one.input, one.address))) is not None
            ],
            "paths": self._routes(),
            "trend": list(self._trend),
            "texts": list(self._texts),
        }

    def _finding(self, one: Finding) -> dict[str, Any]:
        verdict = "f" if isinstance(one.outcome, Fails) else "c" if isinstance(one.outcome, Crashed) else "u"
        out: dict[str, Any] = {
            "c": self._control.get(one.control, -1),
            "n": one.control,
            "i": one.input,
            "a": escape(one.address),
            "F": [
                self._function[key] for name in one.functions if (key := (one.input, name)) in self._function
            ],
            "v": verdict,
            "s": int(one.severity),
            "m": self._text(told.message(one)),
            "p": _places(one.evidence),
        }
        if one.evidence and "source" not in self._left_out:
            out["x"] = self._excerpt(one.evidence[0])
        optional = {
            "h": one.help and told.sentence(one.help),
            "d": told.doubt(one),
            "w": "" if "proof" in self._left_out else told.proof(one),
            "k": one.cause and told.sentence(one.cause),
            "S": one.suppressed and one.suppressed.reason,
        }
        out |= {key: self._text(text) for key, text in optional.items() if text}
        if one.fix is not None:
            out["r"] = self._fix(one)
        return out

    def _excerpt(self, evidence: Evidence) -> list[Any]:
        found, more = lines(evidence.span, self._report.concealed)
        texts = [
            [one.number, self._text(one.before), self._text(one.marked), self._text(one.after)] for one in found
        ]
        return [texts, more, self._text(evidence.note) if evidence.note else -1]

    def _fix(self, one: Finding) -> dict[str, Any]:
        fix = one.fix
        if fix is None:
            return {}
        out: dict[str, Any] = {"t": self._text(told.sentence(fix.title)), "s": fix.safety.name.lower()}
        if fix.note:
            out["n"] = self._text(told.sentence(fix.note))
        if fix.code:
            out["c"] = [[each.language, self._text(_block(each.text))] for each in fix.code]
        made = self._fixes.get((one.input, one.fingerprint))
        if made is not None and made.edits and "source" not in self._left_out:
            out["d"] = [self._diff(edit.span, edit.new) for edit in made.edits]
        elif made is not None and made.reason:
            out["w"] = self._text(told.sentence(made.reason))
        return out

    def _diff(self, span: Span, new: bytes) -> list[Any]:
        """One edit as whole lines, before and after; a line with a secret is not shown."""
        data = span.source.data
        start = data.rfind(b"\n", 0, span.start) + 1
        end = data.find(b"\n", span.end)
        end = len(data) if end < 0 else end
        old = data[start:end]
        after = data[start : span.start] + new + data[span.end : end]
        return [f"{span.path}:{span.line}", self._text(self._shown(old)), self._text(self._shown(after))]

    def _shown(self, data: bytes) -> str:
        secrets = [one.raw for one in self._report.concealed if len(one.raw) > 5]
        out = (
            "…" if any(one in line for one in secrets) else line.decode("utf-8", "replace")
            for line in data.split(b"\n")
        )
        return _block("\n".join(out))

    # ------------------------------------------------------------------------------------------ access

    def _picture(self, one: Picture) -> list[Any]:
        return [
            [[name, escape(value)] for name, value in one.facts],
            [self._way(way) for way in one.ways_in],
            [self._way(way) for way in one.ways_out],
            [self._text(reason) for reason in one.open],
            one.barred,
        ]

    def _way(self, way: Way) -> list[Any]:
        because = -1 if "proof" in self._left_out else self._text(way.because)
        zone = self._text(way.zone.value) if way.zone else -1
        kind, name, how = self._text(way.end.kind), self._text(way.end.name), self._text(way.how)
        return [kind, name, how, way.proof.value[0], because, way.weight, _place(way.place) or "", zone]

    def _routes(self) -> list[Any]:
        out: dict[tuple[Any, ...], list[Any]] = {}
        for one in self._paths:
            steps = list(dict.fromkeys(hop.function for hop in one.hops))
            numbers = [self._function.get((one.input, step), -1) for step in steps]
            key = (one.input, one.hops[0].way.end.name, *steps, one.hops[-1].way.end.name)
            first, last = one.hops[0].way.end.name, one.hops[-1].way.end.name
            out.setdefault(key, [one.risk, escape(first), numbers, escape(last), one.is_proved])
        return list(out.values())[:_PATHS]


def _block(text: str) -> str:
    """A text of several lines; only line ends are left as they are."""
    return "\n".join(escape(line.replace("\t", "    ").rstrip("\r")) for line in text.split("\n"))


def _place(span: Span | None) -> str | None:
    return f"{escape(span.path)}:{span.line}" if span else None


def _places(evidence: Sequence[Evidence]) -> list[str]:
    return list(dict.fromkeys(text for one in evidence if (text := _place(one.span))))


def _short(item: Item) -> str:
    """What stands over a narrow column."""
    return _SHORT.get(item, item.title)


_SHORT: Final = {
    Item.CUSTOM_ROLE: "own role",
    Item.EXACT_PERMISSIONS: "exact permissions",
    Item.SCOPED_LOGS: "logs scoped",
    Item.SCOPED_SECRETS: "secrets scoped",
    Item.NO_UNUSED_PERMISSIONS: "none unused",
    Item.VALID_POLICIES: "valid policies",
    Item.RESTRICTED_INVOKERS: "invokers",
    Item.SCOPED_API: "one API",
    Item.RESERVED_CONCURRENCY: "concurrency",
    Item.PUBLIC_ENDPOINTS: "endpoints",
    Item.NO_PLAINTEXT_SECRETS: "no plaintext",
    Item.RUNTIME_SECRETS: "fetched secrets",
    Item.NO_HOSTNAMES: "no hostnames",
    Item.TRACING: "tracing",
    Item.ERROR_ALARM: "error alarm",
    Item.INVOCATION_ALARM: "spike alarm",
    Item.CURRENT_RUNTIME: "runtime",
    Item.SCANNED_DEPENDENCIES: "CVEs",
    Item.CLEAN_PACKAGE: "clean package",
    Item.NETWORK: "network",
    Item.OPERATIONS: "operations",
}
