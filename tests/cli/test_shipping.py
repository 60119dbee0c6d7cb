"""Commands and options about what ships: packages that lie elsewhere, advisories, bills of materials."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stockade.cli import main
from tests.cases_harness import CASES

MAIN = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  handler       = "app.handler"
  runtime       = "python3.13"
  filename      = "f.zip"
}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    (project / "built").mkdir(parents=True)
    (project / "main.tf").write_text(MAIN)
    (project / "built" / "app.py").write_text("def handler(event, context): ...\n")
    (project / "built" / "requirements.txt").write_text("stale-parser==1.4.0\ncalm-logger>=1\n")
    (project / "built" / "uv.lock").write_text(
        'version = 1\n[[package]]\nname = "stale-parser"\nversion = "1.4.0"\nsource = { registry = "r" }\n'
    )
    monkeypatch.chdir(project)
    monkeypatch.setenv("STOCKADE_ADVISORIES", str(tmp_path / "store"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795651200")
    return project


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    main(["scan", "--format", "json", "--noise", "audit", *arguments])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def said(found: dict[str, Any], control: str) -> list[tuple[str, str]]:
    return [(one["verdict"], one["message"]) for one in found["findings"] if one["control"] == control]


def test_a_package_that_lies_elsewhere_is_given(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ((verdict, message),) = said(report(capsys), "dirty-package")
    assert (verdict, "something builds it" in message) == ("undecided", True)
    assert said(report(capsys, "--package", "f=built"), "dirty-package") == []


@pytest.mark.parametrize("given", ["built", "=built", "f=", "f=missing"])
def test_a_package_that_cannot_be_meant_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    assert main(["scan", "--package", given]) == 2
    assert "package" in capsys.readouterr().err


def test_the_store_is_filled_from_a_file_told_and_used(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["advisories"]) == 0
    assert "nothing is kept" in capsys.readouterr().out
    package = ("--package", "f=built")
    ((verdict, message),) = said(report(capsys, *package), "vulnerable-dependency")
    assert (verdict, "no advisories were given" in message) == ("undecided", True)

    assert main(["advisories", "update", "--from", str(CASES / "advisories.json"), "--date", "2026-11-01"]) == 0
    assert "PyPI: 2 advisories about 1 packages, of 2026-11-01" in capsys.readouterr().out
    assert main(["advisories"]) == 0
    assert "of 2026-11-01" in capsys.readouterr().out

    found = report(capsys, *package)
    ((verdict, message),) = said(found, "vulnerable-dependency")
    assert verdict == "fails"
    assert "CVE-2026-90001" in message
    assert found["tool"]["data"]["advisories PyPI"] == "2026-11-01"


def test_an_update_says_what_it_replaces(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    update = ("advisories", "update", "--from", str(CASES / "advisories.json"), "--date")
    assert main([*update, "2026-11-01"]) == 0
    capsys.readouterr()
    assert main([*update, "2026-11-02"]) == 0
    told = capsys.readouterr()
    assert "of 2026-11-02, in place of 2 of 2026-11-01" in told.out
    assert "far fewer" not in told.err

    one = here / "one.json"
    one.write_text(
        json.dumps(json.loads((CASES / "advisories.json").read_text())[:1]).replace("90001", "90009")
    )
    many = [{**json.loads(one.read_text())[0], "id": f"PYSEC-2026-8000{n}"} for n in range(5)]
    (here / "many.json").write_text(json.dumps(many))
    assert main(["advisories", "update", "--from", str(here / "many.json")]) == 0
    capsys.readouterr()
    assert main(["advisories", "update", "--from", str(one)]) == 0
    assert "PyPI: these are far fewer than before" in capsys.readouterr().err


def test_a_report_of_another_scanner_is_taken(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vulnerabilities = [
        {
            "VulnerabilityID": "CVE-2026-5",
            "PkgName": "stale-parser",
            "InstalledVersion": "1.4.0",
            "Severity": "LOW",
        }
    ]
    trivy = {"SchemaVersion": 2, "Results": [{"Type": "uv", "Vulnerabilities": vulnerabilities}]}
    Path("trivy.json").write_text(json.dumps(trivy))
    found = report(capsys, "--package", "f=built", "--advisories", "trivy.json")
    ((verdict, message),) = said(found, "vulnerable-dependency")
    assert (verdict, "`CVE-2026-5`" in message) == ("fails", True)
    assert found["tool"]["data"]["advisories Trivy"] == "trivy.json"


@pytest.mark.parametrize(
    "arguments",
    [
        ["scan", "--advisories", "main.tf"],
        ["scan", "--advisories", "missing.json"],
        ["advisories", "update", "--from", "main.tf"],
        ["advisories", "update", "--from", "missing"],
        ["advisories", "update", "--from", "main.tf", "--date", "yesterday"],
    ],
)
def test_what_holds_no_advisories_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(arguments) == 2
    assert "error: " in capsys.readouterr().err


def bill(capsys: pytest.CaptureFixture[str], shape: str) -> str:
    advisories = str(CASES / "advisories.json")
    main(["scan", "--format", shape, "--package", "f=built", "--advisories", advisories])
    return capsys.readouterr().out


def test_a_bill_of_materials_is_valid_by_cyclonedx_own_schema(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    validation = pytest.importorskip("cyclonedx.validation.json")
    schema = pytest.importorskip("cyclonedx.schema")
    text = bill(capsys, "cyclonedx")
    assert validation.JsonStrictValidator(schema.SchemaVersion.V1_6).validate_str(text) is None
    found = json.loads(text)
    assert [one["name"] for one in found["components"]] == ["f", "stale-parser"]
    assert found["dependencies"][1]["dependsOn"] == ["pkg:pypi/stale-parser@1.4.0"]
    (one,) = found["vulnerabilities"]
    assert (one["id"], one["ratings"][0]["score"]) == ("CVE-2026-90001", 9.8)
    assert one["affects"] == [{"ref": "pkg:pypi/stale-parser@1.4.0"}]
    assert text == bill(capsys, "cyclonedx"), "the same input gives the same bytes"


def test_a_bill_of_materials_is_valid_by_the_tools_of_spdx(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parsing = pytest.importorskip("spdx_tools.spdx.parser.parse_anything")
    validator = pytest.importorskip("spdx_tools.spdx.validation.document_validator")
    Path("bill.spdx.json").write_text(bill(capsys, "spdx"))
    document = parsing.parse_file("bill.spdx.json")
    assert validator.validate_full_spdx_document(document) == []
    assert {one.name for one in document.packages} == {"f", "stale-parser"}
