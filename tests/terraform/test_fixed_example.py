"""What ``stockade fix`` makes of the example with every mistake is formatted, valid and plannable."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stockade.cli.app import app
from stockade.cli.outside import Outside
from tests.terraform.plan import init, needs_terraform, terraform
from tests.terraform.test_examples import OFFLINE, copied

KEYS = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_EC2_METADATA_DISABLED": "true"}


PAGE = Path(__file__).parents[2] / "docs" / "fixes.md"
_LEFT = re.compile(r"^\| ([a-z-]+) \| (\d+) \| \S.* \|$", re.MULTILINE)
"""A line of the page's list: a control, how many of its findings are left, and why."""


def listed() -> dict[str, int]:
    """What the page says is left to a person."""
    _, _, after = PAGE.read_text().partition("## What is left of the example")
    return {name: int(count) for name, count in _LEFT.findall(after.partition("\n## ")[0])}


def stockade(directory: Path, *arguments: str) -> Any:
    outside = Outside(directory, {"SOURCE_DATE_EPOCH": "1795737600"})
    ran = CliRunner().invoke(app, [*arguments, "--format", "json"], obj=outside, standalone_mode=False)
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The example with its fixes written, and what was told of them."""
    directory = copied("checklist-before", tmp_path_factory.mktemp("fixed"))
    return directory, stockade(directory, "fix", ".", "--write", "--safety", "review")["fixes"]


@pytest.fixture
def aws() -> Iterator[str]:
    """The address of an AWS API on loopback: a fix may ask which account it is in."""
    server_of = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


def test_what_is_left_is_what_the_page_lists(fixed: tuple[Path, Any]) -> None:
    _, told = fixed
    left = Counter(one["control"] for one in told if one["outcome"] != "made")
    assert left == listed()
    made = len(told) - left.total()
    assert f"`stockade fix --write --safety review` makes {made} fixes" in PAGE.read_text()
    assert {one["outcome"] for one in told} == {"made", "person", "impossible"}


def test_it_scans_as_clean_but_for_what_is_left(fixed: tuple[Path, Any]) -> None:
    directory, _ = fixed
    report = stockade(directory, "scan", ".", "--fail-on", "never")
    assert report["gaps"] == []
    found = Counter(one["control"] for one in report["findings"] if one["verdict"] == "fails")
    assert found.keys() == listed().keys()
    assert found <= Counter(listed())
    again = stockade(directory, "fix", ".", "--safety", "review")["fixes"]
    assert "made" not in {one["outcome"] for one in again}


@needs_terraform
def test_it_is_formatted_valid_and_plannable(fixed: tuple[Path, Any], tmp_path: Path, aws: str) -> None:
    directory = tmp_path / "copy"
    shutil.copytree(fixed[0], directory)
    terraform(directory, "fmt", "-check", "-recursive")
    (directory / "offline_override.tf").write_text(OFFLINE)
    init(directory)
    terraform(directory, "validate", "-no-color")
    environment = {"AWS_ENDPOINT_URL": aws, **KEYS}
    planned = terraform(directory, "plan", "-no-color", "-input=false", environment=environment)
    assert "0 to change, 0 to destroy" in planned
