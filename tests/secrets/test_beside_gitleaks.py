"""The page that sets our formats beside those of gitleaks says what is so."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from stockade.secrets.classify import Confidence, classify
from tests.secrets import corpus

PAGE = Path(__file__).parents[2] / "docs" / "secrets.md"
ROWS = re.findall(r"^\| ([\w-]+) \| (looks|name|left out) \| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)


def test_every_rule_is_in_the_table() -> None:
    assert len({rule for rule, _, _ in ROWS}) == len(ROWS) == 222
    assert all(reason for _, how, reason in ROWS if how == "left out")


@pytest.mark.parametrize(("rule", "how", "shown"), [row for row in ROWS if row[1] != "left out"])
def test_what_a_rule_finds_is_told_here_as_well(rule: str, how: str, shown: str) -> None:
    template = shown.strip("`").replace("&#124;", "|")
    name, _, value = template.partition("=") if how == "name" else ("SETTING", "", template)
    found = classify(name, corpus.expand(value, random.Random(rule)))
    assert found is not None
    assert found.confidence > Confidence.PLACEHOLDER
    assert (found.confidence > Confidence.NAMED) or how == "name" or found.confidence is Confidence.SOFT
