"""The literate cases of Java."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stockade.code.files import Files
from stockade.code.java import analyse
from tests.code.javascript.harness import Case, cases, failures

HEAD = " ".join(
    f"import software.amazon.awssdk.services.{one}.*; import software.amazon.awssdk.services.{one}.model.*;"
    for one in ("s3", "dynamodb", "sqs", "sns", "sts", "secretsmanager", "eventbridge", "sfn")
)
"""What every file of a case imports, unless it imports something itself; on its first line."""

CASES = list(cases(Path(__file__).parent / "cases", "shop.Handler::handleRequest"))


def _completed(data: bytes) -> bytes:
    if b"import" in data:
        return data
    return re.sub(rb"\Apackage ([\w.]+);", lambda found: found[0] + b" " + HEAD.encode(), data)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    files = {name: _completed(data) for name, data in case.files.items()}
    assert failures(case, analyse(Files.of(files), case.handler)) == []


def test_sources_that_end_too_early() -> None:
    for case in CASES[::3]:
        for name, data in case.files.items():
            for end in range(0, len(data), max(9, len(data) // 12)):
                analyse(Files.of({**case.files, name: data[:end]}), case.handler)
