"""Every failing answer about access shows a request that gets through."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.control import Fails, Noise
from stockade.iam.request import Request
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
