"""Nothing is written into the call of a module that is not downloaded, nor beside what it makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from stockade.cli.app import app
from stockade.cli.outside import Outside

AGAIN = "`terraform get`, then this again"
CALL = """\
resource "aws_sqs_queue" "orders" {
  name = "orders"
}

module "orders" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "8.8.1"

  function_name         = "orders"
  handler               = "main.handler"
  runtime               = "python3.8"
  tracing_mode          = "PassThrough"
  environment_variables = { DB_PASSWORD = "correct-horse-battery" }
  vpc_subnet_ids         = ["subnet-1"]
  vpc_security_group_ids = ["sg-1"]

  reserved_concurrent_executions = -1

  create_lambda_function_url = true
  authorization_type         = "NONE"
  cors                       = { allow_origins = ["*"], allow_credentials = true }

  allowed_triggers     = { files = { service = "s3" } }
  event_source_mapping = { q = { event_source_arn = aws_sqs_queue.orders.arn } }

  attach_policy_statements = true
  policy_statements        = { all = { actions = ["dynamodb:*"], resources = ["*"] } }
  attach_policies          = true
  policies                 = ["arn:aws:iam::aws:policy/AdministratorAccess"]
}
"""


@pytest.mark.parametrize("safety", ["review", "breaking"])
def test_no_fix_is_written_and_the_input_is_named(tmp_path: Path, safety: str) -> None:
    (tmp_path / "main.tf").write_text(CALL)
    outside = Outside(tmp_path, {"SOURCE_DATE_EPOCH": "1793491200"})
    arguments = ["fix", "--write", "--noise", "audit", "--safety", safety, "--format", "json"]
    result = CliRunner().invoke(app, arguments, obj=outside, standalone_mode=False)
    assert result.exception is None
    assert (tmp_path / "main.tf").read_text() == CALL
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".tf"] == ["main.tf"]
    fixes = json.loads(result.stdout)["fixes"]
    assert {one["outcome"] for one in fixes} == {"person", "impossible"}, result.output
    said = {one["control"]: one["help"] or "" for one in fixes if one["outcome"] == "impossible"}
    assert "set `runtime` in its call by hand" in said["deprecated-runtime"]
    assert said["untraced-function"].endswith("run " + AGAIN)
    assert said["public-function-url"] == "set `authorization_type` in its call by hand, or run " + AGAIN
    assert said["unalarmed-errors"] == "run " + AGAIN


def test_what_stands_beside_the_call_is_mended_all_the_same(tmp_path: Path) -> None:
    own = """\
resource "aws_lambda_function" "own" {
  function_name = "own"
  role          = "arn:aws:iam::123456789012:role/own"
  runtime       = "python3.8"
  handler       = "main.handler"
  filename      = "own.zip"
}
"""
    (tmp_path / "main.tf").write_text(CALL + own)
    outside = Outside(tmp_path, {"SOURCE_DATE_EPOCH": "1793491200"})
    arguments = ["fix", "--format", "json", "--function", "own"]
    result = CliRunner().invoke(app, arguments, obj=outside, standalone_mode=False)
    assert result.exception is None
    outcomes = {one["control"]: one["outcome"] for one in json.loads(result.stdout)["fixes"]}
    assert outcomes["deprecated-runtime"] == "made"
    assert outcomes["unalarmed-errors"] == "made"
