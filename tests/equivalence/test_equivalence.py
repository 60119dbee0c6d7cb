"""The same stack, written in Terraform, CloudFormation and SAM, gets the same verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from stockade.control import Noise, State
from stockade.controls import names
from stockade.read.inputs import Options, read_all
from stockade.report import Report
from stockade.scan import scan
from tests.cases_harness import AT, LIVE, advisories, all_controls

HERE = Path(__file__).parent
STACKS = sorted(path.name for path in HERE.iterdir() if (path / "main.tf").is_file())
FILES = {"terraform": "main.tf", "cloudformation": "template.yaml", "sam": "sam.yaml"}


@cache
def report(stack: str, kind: str) -> Report:
    inputs = list(read_all([Path(FILES[kind])], Options(HERE / stack, {}, (), {}), lambda *_: None))
    assert [one.kind for one in inputs] == [kind]
    controls = list(all_controls().values())
    return scan(inputs, controls, at=f"{AT}T00:00:00Z", noise=Noise.AUDIT, advisories=advisories())


def verdicts(stack: str, kind: str) -> Mapping[str, Mapping[str, State]]:
    """For every function, by its name, what each control says."""
    return {one.name: dict(one.checklist) for one in report(stack, kind).functions}


@pytest.mark.parametrize("kind", ["cloudformation", "sam"])
@pytest.mark.parametrize("stack", STACKS)
def test_the_same_stack_gets_the_same_verdicts(stack: str, kind: str) -> None:
    assert not report(stack, kind).gaps
    assert verdicts(stack, kind) == verdicts(stack, "terraform")


@pytest.mark.parametrize("stack", STACKS)
def test_the_same_stack_gets_the_same_findings(stack: str) -> None:
    def said(kind: str) -> list[tuple[str, str, str]]:
        found = report(stack, kind).findings
        return sorted((one.control, one.severity.name, type(one.outcome).__name__) for one in found)

    assert said("cloudformation") == said("terraform")
    assert said("sam") == said("terraform")


def test_there_are_enough_stacks_and_each_control_decides_in_one() -> None:
    assert len(STACKS) >= 12
    decided = {
        control
        for stack in STACKS
        for answers in verdicts(stack, "terraform").values()
        for control, state in answers.items()
        if state in (State.HOLDS, State.FAILS)
    }
    assert set(names()) - decided == set(LIVE)
