"""What a module is handed, what it is called by, and what others that read it keep."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from stockade.control import Noise, Safety
from stockade.controls import load
from stockade.fix.patch import Asked, patch
from stockade.patched import Outcome, Patch
from stockade.read.inputs import Options, read_all
from stockade.scan import scan

JUDGE = partial(scan, controls=load(), at="2026-11-23T00:00:00Z", noise=Noise.STRICT)
TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"Service": "lambda.amazonaws.com"}}]}'
)
MODULE = f"""\
resource "aws_iam_role" "this" {{
  name               = "${{var.name}}-role"
  assume_role_policy = jsonencode({TRUST})
}}

resource "aws_iam_role_policy" "this" {{
  name = "logs"
  role = aws_iam_role.this.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "*"
    }}]
  }})
}}

resource "aws_lambda_function" "this" {{
  function_name = "${{var.name}}-${{var.stage}}"
  role          = aws_iam_role.this.arn
  runtime       = "python3.8"
  handler       = "main.handler"
}}
"""
VARIABLES = 'variable "name" {\n  type = string\n}\n\nvariable "stage" {\n  default = "dev"\n}\n'


def call(name: str, source: str = "./m") -> str:
    return f'module "{name}" {{\n  source = "{source}"\n  name   = "{name}"\n}}\n'


TWICE = {"main.tf": call("a") + "\n" + call("b"), "m/main.tf": MODULE, "m/variables.tf": VARIABLES}


def fixed(
    directory: Path, files: Mapping[str, str], control: str, address: str = "", path: str = ""
) -> tuple[Patch, dict[str, str]]:
    """Fix what one control finds at some addresses, in inputs below a path; the files as they are then."""
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(text.encode())
    read = list(read_all([directory], Options(directory, {}, [], {}), lambda done, total, text: None))
    meant = {index for index, one in enumerate(read) if path in ("", one.path)}
    asked = Asked(
        Safety.REVIEW,
        lambda one: one.control == control and address in one.address and one.input in meant,
    )
    made = patch(read, JUDGE, asked)
    return made, {**files, **{one.shown: one.new.decode() for one in made.files}}


def outcomes(made: Patch) -> set[Outcome]:
    return {one.outcome for one in made.told}


# ---------------------------------------------------------------------------------------- parameters


def test_a_value_that_one_call_is_to_give_becomes_a_variable(tmp_path: Path) -> None:
    made, files = fixed(tmp_path, TWICE, "unreserved-concurrency", "module.a.")
    assert outcomes(made) == {Outcome.MADE}
    assert "  reserved_concurrent_executions = var.reserved_concurrent_executions\n" in files["m/main.tf"]
    assert files["m/variables.tf"].endswith(
        '\nvariable "reserved_concurrent_executions" {\n'
        '  description = "What reserved_concurrent_executions of aws_lambda_function.this is to be."\n'
        "  type        = number\n  default     = null\n}\n"
    )
    first, _, second = files["main.tf"].partition('module "b"')
    assert "  reserved_concurrent_executions = 10\n" in first
    assert "reserved_concurrent_executions" not in second


def test_what_the_module_says_is_the_default(tmp_path: Path) -> None:
    made, files = fixed(tmp_path, TWICE, "deprecated-runtime", "module.b.")
    assert outcomes(made) == {Outcome.MADE}
    assert "  runtime       = var.runtime\n" in files["m/main.tf"]
    assert '  type        = string\n  default     = "python3.8"\n' in files["m/variables.tf"]
    assert files["main.tf"].count('  runtime = "python3.14"\n') == 1


def test_a_block_that_one_call_is_to_have_is_dynamic(tmp_path: Path) -> None:
    made, files = fixed(tmp_path, TWICE, "untraced-function", "module.a.")
    assert outcomes(made) == {Outcome.MADE}
    assert (
        '  dynamic "tracing_config" {\n'
        "    for_each = var.tracing_mode == null ? [] : [var.tracing_mode]\n\n"
        "    content {\n      mode = var.tracing_mode\n    }\n  }\n"
    ) in files["m/main.tf"]
    again, after = fixed(tmp_path, files, "untraced-function", "module.b.")
    assert outcomes(again) == {Outcome.MADE}
    assert after["m/main.tf"] == files["m/main.tf"]
    assert '  default     = "Active"\n' in after["m/variables.tf"]  # the other call has said what it wants


def test_all_calls_alike_need_no_variable(tmp_path: Path) -> None:
    made, files = fixed(tmp_path, TWICE, "unreserved-concurrency")
    assert outcomes(made) == {Outcome.MADE}
    assert files["m/variables.tf"] == VARIABLES
    assert "  reserved_concurrent_executions = 10\n" in files["m/main.tf"]


def test_another_root_that_calls_the_module_keeps_what_it_has(tmp_path: Path) -> None:
    files = {
        "one/main.tf": call("a", "../m"),
        "two/main.tf": call("a", "../m"),
        "m/main.tf": MODULE,
        "m/variables.tf": VARIABLES,
    }
    made, after = fixed(tmp_path, files, "deprecated-runtime", path="one")
    assert outcomes(made) == {Outcome.MADE}
    assert after["two/main.tf"] == files["two/main.tf"]
    assert "  runtime       = var.runtime\n" in after["m/main.tf"]
    assert '  runtime = "python3.14"\n' in after["one/main.tf"]


def test_a_name_that_the_module_has_for_something_else_is_not_taken(tmp_path: Path) -> None:
    files = TWICE | {"m/variables.tf": VARIABLES + '\nvariable "reserved_concurrent_executions" {}\n'}
    made, after = fixed(tmp_path, files, "unreserved-concurrency", "module.a.")
    assert outcomes(made) == {Outcome.IMPOSSIBLE}
    assert after == files


# --------------------------------------------------------------------------------------------- names


def test_a_policy_says_a_functions_name_as_the_function_does(tmp_path: Path) -> None:
    group = 'resource "aws_cloudwatch_log_group" "{0}" {{\n  name = "/aws/lambda/{0}-dev"\n}}\n'
    files = TWICE | {"main.tf": TWICE["main.tf"] + "".join(f"\n{group.format(one)}" for one in "ab")}
    made, after = fixed(tmp_path, files, "unscoped-logs")
    assert outcomes(made) == {Outcome.MADE}
    assert ":log-group:/aws/lambda/${var.name}-${var.stage}:*" in after["m/main.tf"]
    assert "a-dev" not in after["m/main.tf"]


def test_a_template_with_quotes_in_it_is_taken_over_whole(tmp_path: Path) -> None:
    module = MODULE.replace('"${var.name}-${var.stage}"', '"${var.names["own"]}-${var.stage}"')
    files = {
        "main.tf": module.replace("var.name}-role", 'var.names["own"]}-role')
        + '\nvariable "names" {\n  default = { own = "a" }\n}\n\nvariable "stage" {\n  default = "dev"\n}\n'
    }
    made, after = fixed(tmp_path, files, "unscoped-logs")
    assert outcomes(made) == {Outcome.MADE}
    assert '= "/aws/lambda/${var.names["own"]}-${var.stage}"\n' in after["main.tf"]


SEVERAL = """
resource "aws_lambda_function" "some" {
  for_each = var.functions

  function_name = each.key
  role          = "arn:aws:iam::123456789012:role/all"
  runtime       = "python3.13"
  handler       = "main.handler"
}
"""


def test_a_topic_beside_one_of_several_is_not_called_after_it(tmp_path: Path) -> None:
    files = {
        "one/main.tf": 'module "m" {\n  source    = "../m"\n  functions = toset(["a", "b"])\n}\n',
        "two/main.tf": 'module "m" {\n  source    = "../m"\n  functions = toset(["c"])\n}\n',
        "m/main.tf": 'variable "functions" {}\n' + SEVERAL,
    }
    made, after = fixed(tmp_path, files, "unalarmed-errors")
    assert outcomes(made) == {Outcome.MADE}
    assert 'resource "aws_sns_topic" "alarms" {\n  name_prefix = "lambda-alarms-"\n}\n' in after["m/main.tf"]
    assert "toset(" not in after["m/main.tf"]


def test_a_computed_list_that_gives_each_its_own_is_not_written_over(tmp_path: Path) -> None:
    text = (
        'locals {\n  every = [for name in ["a", "b"] : { name = name, runtime = "python3.8" }]\n}\n\n'
        'resource "aws_lambda_function" "some" {\n  count = length(local.every)\n\n'
        "  function_name = local.every[count.index].name\n"
        '  role          = "arn:aws:iam::123456789012:role/all"\n'
        "  runtime       = local.every[count.index].runtime\n"
        '  handler       = "main.handler"\n}\n'
    )
    made, after = fixed(tmp_path, {"main.tf": text}, "deprecated-runtime")
    assert outcomes(made) == {Outcome.IMPOSSIBLE}
    assert after == {"main.tf": text}


# --------------------------------------------------------------------------------------- surroundings


@pytest.mark.parametrize("more", ["", 'provider "aws" {\n  alias  = "far"\n  region = "eu-west-1"\n}\n'])
def test_a_region_that_a_variable_or_one_of_several_providers_gives(tmp_path: Path, more: str) -> None:
    region = "var.region" if not more else '"us-west-2"'
    far = 'resource "aws_sqs_queue" "far" {\n  provider = aws.far\n}\n' if more else 'variable "region" {}\n'
    group = 'resource "aws_cloudwatch_log_group" "a" {\n  name = "/aws/lambda/a-dev"\n}\n'
    provider = f'provider "aws" {{\n  region = {region}\n}}\n\n{more}{far}\n'
    files = {
        "main.tf": provider + call("a") + group,
        "m/main.tf": MODULE,
        "m/variables.tf": VARIABLES,
    }
    made, after = fixed(tmp_path, files, "unscoped-logs")
    assert outcomes(made) == {Outcome.MADE}
    assert "data.aws_region.current.name" in after["m/main.tf"]


# ----------------------------------------------------------------------------------------- the flow


def test_the_title_says_what_is_written(tmp_path: Path) -> None:
    pin = 'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n'
    pin += '      version = "~> 5.0"\n    }\n  }\n}\n\n'
    made, after = fixed(tmp_path, {**TWICE, "main.tf": pin + TWICE["main.tf"]}, "deprecated-runtime")
    assert {one.fix.title for one in made.told if one.fix} == {"move to python3.13"}
    why = "what the project pins does not know `python3.14` yet; "
    assert all(one.fix.note.startswith(why) for one in made.told if one.fix)
    assert '  runtime       = "python3.13"\n' in after["m/main.tf"]


def test_a_state_beside_keeps_no_fix_from_being_made(tmp_path: Path) -> None:
    state = (
        '{"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "x", "outputs": {}, '
        '"resources": ['
        '{"mode": "managed", "type": "aws_sqs_queue", "name": "q", '
        '"provider": "provider[\\"registry.terraform.io/hashicorp/aws\\"]", '
        '"instances": [{"schema_version": 0, "attributes": {"name": "q"}}]}]}'
    )
    text = MODULE.replace("${var.name}-${var.stage}", "a").replace("${var.name}", "a")
    files = {
        "main.tf": text + '\nresource "aws_sqs_queue" "q" {\n  name = "q"\n}\n',
        "terraform.tfstate": state,
    }
    made, after = fixed(tmp_path, files, "deprecated-runtime")
    assert outcomes(made) == {Outcome.MADE}
    assert "python3.14" in after["main.tf"]


def test_what_another_root_does_to_a_module_is_not_ones_own_fault(tmp_path: Path) -> None:
    """One root's function gets a policy to trace; in the other only the statement on logs is to be changed."""
    files = {
        "one/main.tf": call("a", "../m"),
        "two/main.tf": call("a", "../m"),
        "m/main.tf": MODULE.replace('handler       = "main.handler"', 'handler       = "main.handler"'),
        "m/variables.tf": VARIABLES,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    read = list(read_all([tmp_path], Options(tmp_path, {}, [], {}), lambda done, total, text: None))
    place = {one.path: index for index, one in enumerate(read)}
    wanted = {("untraced-function", place["one"]), ("unscoped-logs", place["two"])}
    made = patch(read, JUDGE, Asked(Safety.REVIEW, lambda one: (one.control, one.input) in wanted))
    assert Outcome.DEFECT not in outcomes(made)
    assert Outcome.MADE in {one.outcome for one in made.told if one.finding.control == "untraced-function"}
