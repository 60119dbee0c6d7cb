"""What a smaller try takes over of a greater one: all of an input that it changes alike, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from stockade.controls import load
from stockade.fix.again import Readings
from stockade.fix.proof import State, holding
from stockade.read.inputs import Input, Options, read_all
from stockade.report import Finding, Report
from stockade.scan import scan

JUDGE = partial(scan, controls=load(), at="2026-11-23T00:00:00Z", only=("deprecated-runtime",))

FUNCTION = """\
resource "aws_lambda_function" "{name}" {{
  function_name = "{name}"
  role          = "arn:aws:iam::123456789012:role/{name}"
  runtime       = "{runtime}"
  handler       = "main.handler"
}}
"""


class _Asked:
    """A judge that remembers what it was asked about."""

    def __init__(self) -> None:
        self.inputs: list[str] = []

    def __call__(self, inputs: Sequence[Input]) -> Report:
        self.inputs += [one.path for one in inputs]
        return JUDGE(inputs)


def _state(root: Path) -> State:
    for name in ("one", "two"):
        (root / name).mkdir()
        (root / name / "main.tf").write_text(FUNCTION.format(name=name, runtime="python3.8"))
    inputs = list(read_all([root], Options(root, {}, [], {}), lambda done, total, text: None))
    report = JUDGE(inputs)
    found: Mapping[int, tuple[Finding, ...]] = {
        index: tuple(one for one in report.findings if one.input == index) for index in range(len(inputs))
    }
    return State(dict(enumerate(inputs)), dict(found), holding(report))


def _made(root: Path, **runtimes: str) -> dict[Path, bytes]:
    return {
        (root / name / "main.tf").resolve(): FUNCTION.format(name=name, runtime=runtime).encode()
        for name, runtime in runtimes.items()
    }


def test_only_what_is_changed_otherwise_is_asked_again(tmp_path: Path) -> None:
    state, judge = _state(tmp_path), _Asked()
    readings = Readings(judge)
    first = readings.of(state, [0, 1], _made(tmp_path, one="python3.13", two="python3.13"))
    assert judge.inputs == ["one", "two"]
    assert first.findings == {0: (), 1: ()}

    judge.inputs.clear()
    second = readings.of(state, [0, 1], _made(tmp_path, one="python3.13", two="python3.7"))
    assert judge.inputs == ["two"]
    assert second.inputs[0] is first.inputs[0]
    assert second.findings[0] == () and len(second.findings[1]) == 1

    judge.inputs.clear()
    third = readings.of(state, [0], _made(tmp_path, one="python3.13"))
    assert judge.inputs == []
    assert third.inputs[1] is state.inputs[1] and third.findings[1] == state.findings[1]


def test_nothing_is_taken_over_from_another_state(tmp_path: Path) -> None:
    state, judge = _state(tmp_path), _Asked()
    readings, files = Readings(judge), _made(tmp_path, one="python3.13")
    after = readings.of(state, [0], files)
    readings.of(after, [0], files)
    assert judge.inputs == ["one", "one"]


def test_a_proof_is_taken_over_with_its_claims_alone(tmp_path: Path) -> None:
    state = _state(tmp_path)
    readings = Readings(_Asked())
    after = readings.of(state, [0], _made(tmp_path, one="python3.13"))
    failure = readings.proved(state, after, (), 0)
    assert failure.others, "a runtime that nobody claims to change is another than was said"
    assert readings.proved(state, after, (), 0) is failure
