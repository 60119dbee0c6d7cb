"""What holds for any choice of fixes in any order: the same bytes, nothing half made, nothing made twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.control import Noise, Safety
from stockade.controls import load
from stockade.fix.patch import Asked, patch
from stockade.patched import Outcome, Patch
from stockade.read.inputs import Input, Options, read_all
from stockade.report import Finding, Report
from stockade.scan import scan

WANTED = (
    "deprecated-runtime",
    "untraced-function",
    "unscoped-logs",
    "unbounded-log-retention",
    "unscoped-invoker",
)
JUDGE = partial(
    scan, controls=[one for one in load() if one.name in WANTED], at="2026-11-23T00:00:00Z", noise=Noise.STRICT
)

MODULE = """\
variable "name" {
  type = string
}

variable "runtime" {
  default = "python3.8"
}

resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = "{\\"Version\\": \\"2012-10-17\\", \\"Statement\\": []}"
}

resource "aws_iam_role_policy" "this" {
  name   = "logs"
  role   = aws_iam_role.this.id
  policy = @LOGS
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = aws_iam_role.this.arn
  runtime       = var.runtime
  handler       = "main.handler"
}
"""
LOGS = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [LOGS]})
MODULE = MODULE.replace("@LOGS", json.dumps(POLICY))
MAIN = """\
module "a" {
  source = "./m"
  name   = "a"
}

module "b" {
  source = "./m"
  name   = "b"
}

resource "aws_lambda_function" "some" {
  for_each = toset(["c", "d"])

  function_name = each.key
  role          = "arn:aws:iam::123456789012:role/${each.key}"
  runtime       = "python3.9"
  handler       = "main.handler"
}

resource "aws_lambda_permission" "some" {
  for_each = aws_lambda_function.some

  action        = "lambda:InvokeFunction"
  function_name = each.value.function_name
  principal     = "s3.amazonaws.com"
}
"""
FILES = {"main.tf": MAIN, "m/main.tf": MODULE}


def inputs_of(files: dict[str, str], folder: str) -> list[Input]:
    root = Path(folder)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    read = list(read_all([root], Options(root, {}, [], {}), lambda done, total, text: None))
    return [one for one in read if one.path == "."] or read[:1]


def fixed(
    files: dict[str, str], chosen: frozenset[str], shuffle: Sequence[int] = ()
) -> tuple[Patch, dict[str, str]]:
    """The fixes of some findings, asked for in some order; and all files as they are then."""

    def judge(some: Sequence[Input]) -> Report:
        report = JUDGE(some)
        order = sorted(
            range(len(report.findings)), key=lambda i: (shuffle[i % len(shuffle)] if shuffle else 0, i)
        )
        return replace(report, findings=tuple(report.findings[i] for i in order))

    with TemporaryDirectory() as folder:
        made = patch(inputs_of(files, folder), judge, Asked(Safety.REVIEW, lambda one: name(one) in chosen))
    return made, files | {one.shown: one.new.decode() for one in made.files}


def name(finding: Finding) -> str:
    return f"{finding.control} {finding.address}"


@cache
def everything() -> tuple[str, ...]:
    with TemporaryDirectory() as folder:
        return tuple(sorted(name(one) for one in JUDGE(inputs_of(FILES, folder)).findings if one.fix))


SUBSETS = st.frozensets(st.sampled_from(range(14)), min_size=1).map(
    lambda some: frozenset(everything()[i % len(everything())] for i in some)
)


def test_there_is_something_to_choose_from() -> None:
    assert len(everything()) >= 12
    assert {one.split()[0] for one in everything()} == set(WANTED)


@given(SUBSETS, st.lists(st.integers(0, 99), min_size=30, max_size=30))
@settings(max_examples=5, deadline=None)
def test_order_does_not_matter(chosen: frozenset[str], shuffle: list[int]) -> None:
    made, files = fixed(FILES, chosen)
    other, others = fixed(FILES, chosen, shuffle)
    assert files == others
    assert {(name(one.finding), one.outcome) for one in made.told} == {
        (name(one.finding), one.outcome) for one in other.told
    }


@given(SUBSETS)
@settings(max_examples=5, deadline=None)
def test_what_is_made_is_made_once_and_nothing_is_a_defect(chosen: frozenset[str]) -> None:
    made, files = fixed(FILES, chosen)
    assert not [one for one in made.told if one.outcome is Outcome.DEFECT]
    assert {name(one.finding) for one in made.told if one.outcome is Outcome.MADE} <= chosen
    again, same = fixed(files, chosen)
    assert same == files
    assert not [one for one in again.told if one.outcome is Outcome.MADE]


@given(SUBSETS, st.data())
@settings(max_examples=5, deadline=None)
def test_fixes_of_two_runs_are_made_by_one_as_well(chosen: frozenset[str], data: st.DataObject) -> None:
    """Those of two may be fewer: what one of several instances cannot have alone, all of them can."""
    first = data.draw(st.frozensets(st.sampled_from(sorted(chosen))))
    together, _ = fixed(FILES, chosen)
    one, between = fixed(FILES, first)
    other, _ = fixed(between, chosen - first)
    assert made_of(one) | made_of(other) <= made_of(together)
    assert not [told for told in (*one.told, *other.told) if told.outcome is Outcome.DEFECT]


def made_of(patch: Patch) -> set[str]:
    return {name(one.finding) for one in patch.told if one.outcome is Outcome.MADE}
