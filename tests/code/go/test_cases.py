"""The literate cases of Go."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.code.files import Files
from stockade.code.go import analyse
from tests.code.javascript.harness import Case, cases, failures

HEAD = (
    """
import (
    "context"
    "fmt"
    "os"
    "github.com/aws/aws-lambda-go/lambda"
    "github.com/aws/aws-sdk-go-v2/aws"
    "github.com/aws/aws-sdk-go-v2/config"
    "github.com/aws/aws-sdk-go-v2/credentials/stscreds"
    "github.com/aws/aws-sdk-go-v2/feature/s3/manager"
    "github.com/aws/aws-sdk-go-v2/service/dynamodb"
    "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
    "github.com/aws/aws-sdk-go-v2/service/s3"
    "github.com/aws/aws-sdk-go-v2/service/sfn"
    "github.com/aws/aws-sdk-go-v2/service/sns"
    "github.com/aws/aws-sdk-go-v2/service/sqs"
    "github.com/aws/aws-sdk-go-v2/service/sts"
)
""".replace("\n", ";")
    .replace("(;", "(")
    .replace(";)", ")")
    .strip(";")
)
"""What every file of a case imports that says nothing of it; on the line of its package clause."""

CASES = list(cases(Path(__file__).parent / "cases", "bootstrap"))


def _completed(data: bytes) -> bytes:
    first, _, rest = data.partition(b"\n")
    return data if b"import" in data else first + b"; " + HEAD.encode() + b"\n" + rest


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    files = {name: _completed(data) if name.endswith(".go") else data for name, data in case.files.items()}
    assert failures(case, analyse(Files.of(files), case.handler)) == []


def test_sources_that_end_too_early() -> None:
    for case in CASES[::3]:
        for name, data in case.files.items():
            for end in range(0, len(data), max(9, len(data) // 12)):
                analyse(Files.of({**case.files, name: data[:end]}), case.handler)
