"""The example projects are what they claim to be: formatted, valid by the real provider, plannable."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stockade.cli.app import app
from stockade.cli.outside import Outside
from stockade.controls import names
from tests.cases_harness import LIVE
from tests.terraform.plan import PLUGINS, TERRAFORM, init, needs_terraform, terraform
from tests.terraform.test_plan import compare, read_and_plan

EXAMPLES = Path(__file__).parents[2] / "examples"

# What an override adds to the example's own provider, so that planning asks nobody anything.
OFFLINE = """\
provider "aws" {
  access_key                  = "x"
  secret_key                  = "x"
  allowed_account_ids         = null
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
"""


SHIPPED = {
    "dirty-package",
    "secret-in-code",
    "secret-in-package",
    "unscanned-dependency",
    "vulnerable-dependency",
}
"""Controls on packages, which a pipeline builds for both examples: their own pages have examples with files."""


def copied(name: str, to: Path) -> Path:
    shutil.copytree(EXAMPLES / name, to / name, ignore=shutil.ignore_patterns(".terraform*"))
    return to / name


def scanned(name: str) -> Any:
    outside = Outside(EXAMPLES, {"SOURCE_DATE_EPOCH": "1793491200"})
    arguments = ["scan", str(EXAMPLES / name), "--noise", "audit", "--format", "json", "--fail-on", "never"]
    report = json.loads(CliRunner().invoke(app, arguments, obj=outside, catch_exceptions=False).stdout)
    assert (report["gaps"], report["notices"], report["withheld"]) == ([], [], {})
    return report


SHIPPED = {
    "dirty-package",
    "secret-in-code",
    "secret-in-package",
    "unscanned-dependency",
    "vulnerable-dependency",
}
"""What only a package holds: the examples have the source of their functions, and no package is built."""


BY_HAND = {"pinned-runtime"}
"""What nobody writes by mistake: a pin is set after a patch that broke something."""


def test_one_example_has_every_mistake() -> None:
    findings = scanned("checklist-before")["findings"]
    failing = {finding["control"] for finding in findings if finding["verdict"] == "fails"}
    assert failing - SHIPPED == set(names()) - SHIPPED - LIVE.keys() - BY_HAND


def test_what_only_the_owner_can_value_is_not_shown_by_default() -> None:
    findings = scanned("checklist-before")["findings"]
    shown = {f["control"] for f in findings if f["verdict"] == "fails" and f["noise"] == "regular"}
    apis, code = {"unaliased-permission", "unfronted-api"}, {"unsigned-code"}
    assert set(names()) - SHIPPED - LIVE.keys() - BY_HAND - shown == {
        "default-key-environment",
        "shared-role",
        *apis,
        *code,
    }


def test_the_other_has_none() -> None:
    """All that is left is accepted with a reason: what runs in an image is not in the configuration."""
    report = scanned("checklist-after")
    assert len(report["functions"]) == 6
    left = {one["control"]: one for one in report["findings"] if not _is_soon(one)}
    assert {one["verdict"] for one in left.values()} == {"undecided"}
    assert left.pop("deprecated-runtime")["suppression"]["kind"] == "comment"
    assert set(left) == SHIPPED | {"missing-permission", "unused-permission"}
    assert {one["suppression"]["kind"] for one in left.values()} == {"configuration"}


def _is_soon(finding: Any) -> bool:
    """Node.js 22 ends within half a year; the provider that the example is held to knows no later one."""
    return "`nodejs22.x` will be deprecated" in finding["message"]


@needs_terraform
@pytest.mark.parametrize("name", ["checklist-before", "checklist-after"])
def test_example_is_valid(name: str, tmp_path: Path) -> None:
    copy = copied(name, tmp_path)
    terraform(copy, "fmt", "-check", "-recursive")
    init(copy)
    terraform(copy, "validate", "-no-color")


def test_what_can_be_fixed_of_every_mistake_is_fixed(tmp_path: Path) -> None:
    """Written, what is left needs a person; and the provider takes it."""
    copy = copied("checklist-before", tmp_path)
    outside = Outside(copy, {"SOURCE_DATE_EPOCH": "1793491200"})
    arguments = ["fix", "--write", "--safety", "review", "--format", "json"]
    document = json.loads(CliRunner().invoke(app, arguments, obj=outside, catch_exceptions=False).stdout)
    outcomes = Counter(one["outcome"] for one in document["fixes"])
    assert outcomes["made"] >= 35
    assert (outcomes["defect"], outcomes["unproved"]) == (0, 0)
    again = json.loads(CliRunner().invoke(app, arguments, obj=outside, catch_exceptions=False).stdout)
    assert again["files"] == []
    left = {(one["control"], one["address"]) for one in document["fixes"] if one["outcome"] != "made"}
    assert {(one["control"], one["address"]) for one in again["fixes"]} <= left
    if TERRAFORM and PLUGINS:
        terraform(copy, "fmt", "-check", "-recursive")
        init(copy)
        terraform(copy, "validate", "-no-color")


@needs_terraform
def test_the_hardened_example_is_read_as_it_plans(tmp_path: Path) -> None:
    """The other one asks AWS for the account it is deployed to, so it cannot be planned offline."""
    copy = copied("checklist-after", tmp_path)
    (copy / "offline_override.tf").write_text(OFFLINE)
    compare(read_and_plan(copy))
