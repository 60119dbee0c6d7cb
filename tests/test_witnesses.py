"""Every failing answer about access shows a request that gets through."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade import controls
from stockade.control import Fails, Noise
from stockade.iam.request import Request
from stockade.read.inputs import Options, read_all
from stockade.scan import scan
from tests.cases_harness import Case, load, read, report

ALL = load()
ON_ACCESS = (
    "admin-role",
    "broad-managed-policy",
    "cross-account-invoke",
    "foreign-trust",
    "privilege-escalation",
    "public-function-url",
    "public-invoke",
    "unscoped-api-invoker",
    "unscoped-invoker",
    "unscoped-logs",
    "unscoped-secrets",
    "wildcard-action",
    "wildcard-resource",
)
WITHOUT: dict[str, str] = {
    "is held to an organisation": "services are of none, so that nobody gets through",
    "is closed only as long as": "nothing lets anybody in yet",
}
"""Sentences that tell of no request, each with the reason."""


@pytest.mark.parametrize("name", ON_ACCESS)
def test_a_failing_answer_shows_a_request(name: str, tmp_path: Path) -> None:
    failing = 0
    for index, case in enumerate(case for case in ALL if case.control == name):
        for finding in report(read(case, tmp_path / str(index)), Noise.AUDIT, only=[name]).findings:
            if not isinstance(finding.outcome, Fails) or finding.outcome.told_by:
                continue
            if any(text in finding.message for text in WITHOUT):
                continue
            shown = finding.outcome.shown()
            assert isinstance(shown, Request), f"{case.title}: {finding.message}"
            assert shown.sentence()
            failing += 1
    assert failing


def test_what_shows_none_says_so_in_some_case(tmp_path: Path) -> None:
    everything: list[Case] = [case for case in ALL if case.control in ON_ACCESS]
    said = {
        finding.message
        for index, case in enumerate(everything)
        if WITHOUT
        for finding in report(read(case, tmp_path / str(index)), Noise.AUDIT, only=[case.control]).findings
    }
    assert all(any(text in message for message in said) for text in WITHOUT)


@pytest.mark.parametrize(
    ("action", "resource", "told"),
    [
        ("dynamodb:*", "arn:aws:dynamodb:*:*:*", "arn:aws:dynamodb:${region}:${account}:table/anything"),
        ("s3:*", "arn:aws:s3::*:*", "arn:aws:s3:::anything/anything"),
        ("s3:Put*", "arn:aws:s3:::orders/*", "arn:aws:s3:::orders/anything"),
    ],
)
def test_a_request_is_for_a_resource_as_aws_spells_it(
    action: str, resource: str, told: str, tmp_path: Path
) -> None:
    code = f'''resource "aws_iam_role" "r" {{
  name               = "r"
  assume_role_policy = jsonencode({{ Version = "2012-10-17", Statement = [] }})
}}
resource "aws_iam_role_policy" "r" {{
  role   = aws_iam_role.r.id
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "{action}", Resource = "{resource}" }}]
  }})
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = aws_iam_role.r.arn
  filename      = "f.zip"
  handler       = "main.handler"
}}
'''
    (tmp_path / "main.tf").write_text(code)
    inputs = read_all([tmp_path], Options(tmp_path, {}, (), {}), lambda *_: None)
    found = scan(
        inputs, controls.load(), at="2026-11-23T10:00:00Z", noise=Noise.AUDIT, only=["wildcard-action"]
    )
    shown = [one.outcome.shown() for one in found.findings if isinstance(one.outcome, Fails)]
    assert [request is not None and f"on `{told}`" in request.sentence() for request in shown] == [True]
