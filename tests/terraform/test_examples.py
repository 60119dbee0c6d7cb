"""The example projects are what they claim to be: valid by the real provider, and formatted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.terraform.plan import init, needs_terraform, terraform

EXAMPLES = Path(__file__).parents[2] / "examples"


@needs_terraform
@pytest.mark.parametrize("name", ["checklist-before", "checklist-after"])
def test_example_is_valid(name: str, tmp_path: Path) -> None:
    copy = tmp_path / name
    shutil.copytree(EXAMPLES / name, copy, ignore=shutil.ignore_patterns(".terraform*"))
    terraform(copy, "fmt", "-check", "-recursive")
    init(copy)
    terraform(copy, "validate", "-no-color")
