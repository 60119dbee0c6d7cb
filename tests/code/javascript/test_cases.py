"""The literate cases of JavaScript and TypeScript."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.code.files import Files
from stockade.code.javascript import analyse
from tests.code.javascript.harness import Case, cases, failures

CASES = list(cases(Path(__file__).parent / "cases"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    assert failures(case, analyse(Files.of(case.files), case.handler)) == []
