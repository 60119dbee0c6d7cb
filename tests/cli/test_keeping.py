"""Scans that are kept, and what is told of them, as a user gives the commands."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stockade.cli import main

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schema" / "history-1.json").read_text())


PROJECT = """
resource "aws_lambda_function" "f" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/r"
  runtime       = "python3.8"
  handler       = "a.b"
  filename      = "f.zip"

  environment {
    variables = { API_SECRET = "planted-8fT2kQ9zLw4XbV7n" }
  }
}

resource "aws_lambda_function_url" "f" {
  function_name      = "orders"
  authorization_type = "NONE"
}
"""


class Terminal:
    """Gives commands in a project of its own, on days of its own."""

    def __init__(self, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.here, self._capsys, self._monkeypatch = here, capsys, monkeypatch
        self.errors = ""

    def __call__(self, *arguments: str, day: int = 1) -> tuple[int, str]:
        self._monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_793_500_000 + 86_400 * day))
        status = main(arguments)
        out, self.errors = self._capsys.readouterr()
        return status, out

    def json(self, *arguments: str, day: int = 1) -> Any:
        told = json.loads(self(*arguments, "--format", "json", day=day)[1])
        if told["schema"] == "stockade.history/1":
            jsonschema.Draft202012Validator(SCHEMA).validate(told)
        return told


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    here = tmp_path / "repository"
    here.mkdir()
    (here / ".git").mkdir()
    (here / "main.tf").write_text(PROJECT)
    monkeypatch.chdir(here)
    monkeypatch.setenv("STOCKADE_STORE", str(tmp_path / "kept"))
    monkeypatch.setenv("NO_COLOR", "1")
    return Terminal(here, capsys, monkeypatch)


def _edit(terminal: Terminal, old: str, new: str) -> None:
    path = terminal.here / "main.tf"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_a_run_is_kept_only_where_somebody_says_so(terminal: Terminal) -> None:
    terminal("scan")
    assert not (terminal.here.parent / "kept").exists()
    assert "No run" in terminal("history")[1]
    assert terminal("scan", "--keep")[0] == 1
    assert "kept as 2026" in terminal.errors
    assert len(terminal.json("history")["runs"]) == 1
    terminal("scan", "--store", "elsewhere")
    assert (terminal.here / "elsewhere" / "v1").is_dir()


def test_history_of_a_project(terminal: Terminal) -> None:
    terminal("scan", "--keep", day=1)
    _edit(terminal, '"NONE"', '"AWS_IAM"')
    terminal("scan", "--keep", day=2)
    found = {one["control"]: one["turn"] for one in terminal.json("history")["changes"]}
    assert found == {"public-function-url": "fixed"}
    _edit(terminal, '"AWS_IAM"', '"NONE"')
    _edit(terminal, '"python3.8"', '"python3.13"')
    terminal("scan", "--keep", day=3)
    found = {one["control"]: one["turn"] for one in terminal.json("history")["changes"]}
    assert found == {"public-function-url": "reopened", "deprecated-runtime": "fixed"}
    shown = terminal("history")[1]
    assert "Failing again" in shown and "Fixed" in shown and "Failing, run by run" in shown
    since = terminal.json("history", "--since", terminal.json("history")["runs"][0]["at"][:10])
    assert {one["control"]: one["turn"] for one in since["changes"]} == {"deprecated-runtime": "fixed"}
    (terminal.here / "main.tf").write_text('module "gone" {\n  source = "some/registry/aws"\n}\n')
    terminal("scan", "--keep", day=4)
    turns = {one["turn"] for one in terminal.json("history")["changes"]}
    assert turns == {"unknown"}, "what could not be read is not fixed"
    assert len(terminal.json("history", "--runs")["runs"]) == 4


def test_a_report_again(terminal: Terminal) -> None:
    then = terminal("scan", "--keep", "--format", "json", day=1)[1]
    _edit(terminal, '"NONE"', '"AWS_IAM"')
    terminal("scan", "--keep", day=2)
    run = terminal.json("history", "--runs")["runs"][0]["run"]
    assert terminal("report", run, "--format", "json") == (0, then)
    assert "anyone on the internet" in terminal("report", run)[1]
    assert "anyone on the internet" not in terminal("report", "latest")[1]
    whose = ["--hub-account", "111122223333", "--hub-region", "eu-west-1"]
    findings = json.loads(terminal("report", run, "--format", "asff", *whose)[1])
    assert findings[0]["Resources"][0]["Id"].startswith("arn:aws:lambda:eu-west-1:111122223333:function:")
    assert terminal("scan", "--format", "asff")[0] == 2
    assert "--hub-account" in terminal.errors
    assert (
        terminal("report", run, "--format", "asff", "--hub-account", "1", "--hub-region", "eu-west-1")[0] == 2
    )
    assert terminal("report", "nothing")[0] == 2


def test_secrets_are_in_no_output_and_in_no_store(terminal: Terminal) -> None:
    outputs = terminal("scan", "--keep", "--noise", "audit")[1]
    for shape in ("terminal", "json", "ocsf", "csv"):
        outputs += terminal("report", "latest", "--format", shape)[1]
    outputs += terminal("history")[1]
    kept = b"".join(path.read_bytes() for path in terminal.here.parent.joinpath("kept").rglob("*.parquet"))
    assert "API_SECRET" in outputs
    for secret in ("planted-8fT2kQ9zLw4XbV7n", "8fT2kQ9zLw4XbV7n"):
        assert secret not in outputs and secret.encode() not in kept


def test_without_duckdb_the_message_says_what_to_do(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    status, out = terminal("scan", "--keep")
    assert status == 2 and "orders" in out, "the scan itself is shown"
    assert "pip install 'stockade[store]'" in terminal.errors


def test_a_damaged_run_is_told_and_says_so_by_the_status(terminal: Terminal) -> None:
    terminal("scan", "--keep")
    terminal("scan", "--keep", day=2)
    part = sorted((terminal.here.parent / "kept" / "v1").iterdir())[0]
    shutil.rmtree(part)
    part.mkdir()
    status, shown = terminal("history")
    assert status == 3 and part.name in shown


def test_the_page_shows_how_it_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  role = "r"\n  runtime = "python3.7"\n'
        "}\n"
    )
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert main(["scan", "--format", "html", "--no-fixes", "--store", "runs", "--output", "page.html"]) == 1
    page = (tmp_path / "page.html").read_text()
    found = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    trend = json.loads(found[1])["trend"]
    assert len(trend) == 2
    assert trend[0]["failing"] == trend[1]["failing"] > 0
