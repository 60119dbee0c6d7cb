"""Literate cases of services: `cases.md` says at the end of each line what a control must answer there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from stockade import controls
from stockade.control import Fails, Noise, Undecided
from stockade.read.inputs import Options, read_all
from stockade.scan import scan

_SECTION = re.compile(r"^## (.+?)\n(.+?)\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"[ \t]+# (fails|undecided): ([\w, -]+)$")


@dataclass(frozen=True, slots=True)
class Case:
    title: str
    about: frozenset[str]
    text: str
    marks: frozenset[tuple[str, str, int]]


def cases() -> list[Case]:
    out = []
    for title, about, body in _SECTION.findall((Path(__file__).parent / "cases.md").read_text("utf-8")):
        marks: set[tuple[str, str, int]] = set()
        lines = []
        for number, line in enumerate(body.splitlines(), 1):
            if found := _MARK.search(line):
                marks.update((name.strip(), found[1], number) for name in found[2].split(","))
            lines.append(_MARK.sub("", line))
        names = frozenset(re.findall(r"`([\w-]+)`", about))
        assert {name for name, _, _ in marks} <= names <= set(controls.names()), title
        out.append(Case(title, names, "\n".join(lines) + "\n", frozenset(marks)))
    return out


CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[one.title for one in CASES])
def test_case(case: Case, tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(case.text)
    options = Options(tmp_path, {}, (), {})
    inputs = list(read_all([Path("serverless.yml")], options, lambda done, of, name: None))
    assert [one.kind for one in inputs] == ["serverless"]
    assert inputs[0].world.gaps == ()
    chosen = [one for one in controls.load() if one.name in case.about]
    report = scan(inputs, chosen, at="2026-11-23", noise=Noise.AUDIT)
    verdicts = {Fails: "fails", Undecided: "undecided"}
    found = {(one.control, verdicts[type(one.outcome)], one.evidence[0].span.line) for one in report.findings}
    assert found == case.marks


def test_there_are_cases() -> None:
    assert len(CASES) >= 14
