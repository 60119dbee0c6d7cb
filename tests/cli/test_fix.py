"""``stockade fix`` from its arguments to its patch, its summary, its files and its exit status."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from stockade.cli.app import app
from stockade.cli.outside import Outside
from stockade.errors import StockadeError, UsageError

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "fix-1.json").read_text())

MAIN = """\
resource "aws_lambda_function" "api" {
  function_name = "api"
  role          = "arn:aws:iam::123456789012:role/api"
  runtime       = "python3.8"
  handler       = "main.handler"
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  runtime       = "nodejs16.x"
  handler       = "main.handler"

  environment {
    variables = {
      DB_PASSWORD = "correct-horse-battery"
    }
  }
}

resource "aws_iam_role" "worker" {
  name = "worker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(MAIN)
    return tmp_path


def run(project: Path, *arguments: str) -> Result:
    outside = Outside(project, {"SOURCE_DATE_EPOCH": "1793491200"})
    return CliRunner().invoke(app, ["fix", *arguments], obj=outside, standalone_mode=False)


def status(result: Result) -> Any:
    if result.exception is not None:
        raise result.exception
    return result.return_value


def test_the_patch_goes_to_stdout_and_the_summary_beside_it(project: Path) -> None:
    result = run(project, "--control", "deprecated-runtime")
    assert status(result) == 0
    assert result.stdout.startswith("--- a/main.tf\n+++ b/main.tf\n@@ ")
    assert '-  runtime       = "python3.8"\n+  runtime       = "python3.14"\n' in result.stdout
    assert "2 findings fixed in main.tf, to be written" in result.stderr
    assert (project / "main.tf").read_text() == MAIN


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_git_applies_it_and_it_is_what_write_makes(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "main.tf").write_text(MAIN)
    patch = run(project, "--control", "deprecated-runtime").stdout
    subprocess.run(["git", "apply"], cwd=project, input=patch, text=True, check=True)
    assert status(run(other, "--control", "deprecated-runtime", "--write", "--safety", "review")) == 0
    assert (project / "main.tf").read_text() == (other / "main.tf").read_text() != MAIN


def test_writing_makes_only_what_is_safe_unless_told(project: Path) -> None:
    result = run(project, "--control", "deprecated-runtime", "--write")
    assert status(result) == 1
    assert (project / "main.tf").read_text() == MAIN
    assert "`--safety review` makes it as well" in result.stderr


def test_what_another_fix_has_mended_is_told_of_that_finding_and_of_no_other(project: Path) -> None:
    arns = "".join(
        f'"arn:aws:iam::aws:policy/{one}", ' for one in ("AmazonSNSFullAccess", "AmazonSQSFullAccess")
    )
    text = MAIN[MAIN.index('resource "aws_iam_role"') :].replace(
        'name = "worker"', f'name = "worker"\n  managed_policy_arns = [{arns}]'
    )
    function = """
data "archive_file" "code" {
  type        = "zip"
  source_file = "main.py"
  output_path = "main.zip"
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  runtime       = "python3.13"
  handler       = "main.handler"
  filename      = data.archive_file.code.output_path
}
"""
    (project / "main.tf").write_text(text + function)
    code = "import boto3\ndef handler(event, context):\n    boto3.client('sns').publish(TopicArn=event['t'])\n"
    (project / "main.py").write_text(code)
    controls = ("--control", "unused-permission", "--control", "broad-managed-policy")
    told = json.loads(run(project, "--format", "json", *controls).stdout)
    outcomes = {one["title"]: one["outcome"] for one in told["fixes"]}
    assert {title: outcome for title, outcome in outcomes.items() if "SNS" in title} == {
        "replace `AmazonSNSFullAccess` by the actions that the code calls, on what it uses": "person"
    }
    assert {outcome for title, outcome in outcomes.items() if "SNS" not in title} == {"made"}


def test_only_one_function(project: Path) -> None:
    result = run(project, "--control", "deprecated-runtime", "--function", "worker")
    assert status(result) == 0
    assert "python" not in "".join(line for line in result.stdout.splitlines() if line.startswith(("+", "-")))
    assert "nodejs24.x" in result.stdout
    address = run(project, "--control", "deprecated-runtime", "--function", "aws_lambda_function.worker")
    assert address.stdout == result.stdout


def test_a_function_that_is_not_there_is_a_wrong_command(project: Path) -> None:
    with pytest.raises(UsageError, match="no function is called `workr`") as caught:
        status(run(project, "--function", "workr"))
    assert caught.value.help == "did you mean `worker`?"


def test_a_secret_is_not_printed_unless_asked_for(project: Path) -> None:
    masked = run(project, "--control", "plaintext-secret", "--safety", "breaking")
    assert status(masked) == 0
    assert "correct-horse" not in masked.stdout + masked.stderr
    assert "1 line of the patch holds a secret and is masked" in " ".join(masked.stderr.split())
    whole = run(project, "--control", "plaintext-secret", "--safety", "breaking", "--reveal")
    assert '-      DB_PASSWORD = "correct-horse-battery"' in whole.stdout


def test_json_is_what_its_schema_says(project: Path) -> None:
    result = run(project, "--format", "json", "--noise", "audit")
    assert status(result) == 1
    document = json.loads(result.stdout)
    Draft202012Validator(SCHEMA).validate(document)
    assert document["written"] is False
    assert [one["path"] for one in document["files"]] == ["main.tf"]
    assert {one["outcome"] for one in document["fixes"]} >= {"made", "person"}
    assert "correct-horse" not in result.stdout


def test_what_could_not_be_read_is_status_three(project: Path) -> None:
    (project / "more.tf").write_text('module "x" {\n  source = "example/x/aws"\n}\n')
    assert status(run(project, "--control", "deprecated-runtime")) == 3
    assert status(run(project, "--control", "deprecated-runtime", "--allow-gaps")) == 0


def test_nothing_to_do(project: Path) -> None:
    result = run(project, "--control", "public-function-url")
    assert (status(result), result.stdout) == (0, "")
    assert "Nothing that was asked for fails." in result.stderr


def test_a_file_that_changes_under_the_command_is_not_written(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import stockade.fix.write as writing

    write = writing.write

    def late(files: Any) -> None:
        (project / "main.tf").write_text(MAIN + "\n")
        write(files)

    monkeypatch.setattr(writing, "write", late)
    with pytest.raises(StockadeError, match="has changed since it was read"):
        status(run(project, "--control", "deprecated-runtime", "--write", "--safety", "review"))
    assert (project / "main.tf").read_text() == MAIN + "\n"
