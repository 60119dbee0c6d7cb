"""What only some instances get: by keys, by switches of a module, by what is handed to a template."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from stockade.control import Noise, Safety
from stockade.controls import load
from stockade.fix.patch import Asked, patch
from stockade.patched import Outcome, Patch
from stockade.read.inputs import Options, read_all
from stockade.scan import scan

JUDGE = partial(scan, controls=load(), at="2026-11-23T00:00:00Z", noise=Noise.STRICT)


class Fixing(Protocol):
    """Fixes what one control finds at some addresses; the files of the patch as they are then."""

    def __call__(
        self, files: Mapping[str, str], control: str, address: str = ""
    ) -> tuple[Patch, dict[str, str]]: ...


TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"Service": "lambda.amazonaws.com"}}]}'
)
MODULE = f"""\
variable "name" {{}}

resource "aws_iam_role" "this" {{
  name               = var.name
  assume_role_policy = jsonencode({TRUST})
}}

resource "aws_lambda_function" "this" {{
  function_name = var.name
  role          = aws_iam_role.this.arn
  runtime       = "python3.13"
  handler       = "main.handler"

  tracing_config {{
    mode = var.tracing
  }}
}}

variable "tracing" {{
  default = "PassThrough"
}}
"""
LOGGING = f"""\
{MODULE}
resource "aws_iam_role_policy_attachment" "logs" {{
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}}
"""
"""With it Lambda makes a log group, which keeps all for ever."""


def call(name: str, source: str = "./m") -> str:
    return f'module "{name}" {{\n  source = "{source}"\n  name   = "{name}"\n}}\n'


@pytest.fixture
def fixing(tmp_path: Path) -> Fixing:
    def fixed(files: Mapping[str, str], control: str, address: str = "") -> tuple[Patch, dict[str, str]]:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        read = list(read_all([tmp_path], Options(tmp_path, {}, [], {}), lambda done, total, text: None))
        asked = Asked(Safety.REVIEW, lambda one: one.control == control and address in one.address)
        made = patch(read, JUDGE, asked)
        return made, {one.shown: one.new.decode() for one in made.files}

    return fixed


def outcomes(made: Patch) -> set[Outcome]:
    return {one.outcome for one in made.told}


# ------------------------------------------------------------------------------------------ switches


def test_a_module_called_twice_gets_a_switch(fixing: Fixing) -> None:
    made, files = fixing(
        {"main.tf": call("a") + call("b"), "m/main.tf": MODULE}, "untraced-function", "module.a."
    )
    assert outcomes(made) == {Outcome.MADE}
    assert "  count = var.with_tracing ? 1 : 0\n" in files["m/main.tf"]
    assert 'variable "with_tracing" {' in files["m/main.tf"]
    assert files["main.tf"].count("with_tracing = true") == 1
    assert files["main.tf"].index("with_tracing") < files["main.tf"].index('module "b"')


def test_a_switch_that_is_there_is_switched_on_for_another(fixing: Fixing) -> None:
    _, first = fixing({"main.tf": call("a") + call("b"), "m/main.tf": MODULE}, "untraced-function", "module.a.")
    made, second = fixing(first, "untraced-function", "module.b.")
    assert outcomes(made) == {Outcome.MADE}
    assert second["main.tf"].count("with_tracing = true") == 2
    assert "m/main.tf" not in second or second["m/main.tf"].count("with_tracing") == first["m/main.tf"].count(
        "with_tracing"
    )


def test_all_of_a_module_need_no_switch(fixing: Fixing) -> None:
    made, files = fixing({"main.tf": call("a") + call("b"), "m/main.tf": MODULE}, "untraced-function")
    assert outcomes(made) == {Outcome.MADE}
    assert "with_tracing" not in files["m/main.tf"]
    assert "aws_iam_role_policy" in files["m/main.tf"]


def test_a_call_in_a_module_that_is_called_twice_hands_the_switch_on(fixing: Fixing) -> None:
    outer = 'variable "name" {}\n\nmodule "inner" {\n  source = "../m"\n  name   = var.name\n}\n'
    text = {
        "main.tf": call("a", "./outer") + call("b", "./outer"),
        "outer/main.tf": outer,
        "m/main.tf": LOGGING,
    }
    made, files = fixing(text, "unbounded-log-retention", "module.a.")
    assert outcomes(made) == {Outcome.MADE}
    assert "with_log_group = var.with_log_group" in files["outer/main.tf"]
    assert 'variable "with_log_group" {' in files["outer/main.tf"]
    assert files["main.tf"].count("with_log_group = true") == 1


def test_a_call_made_for_several_says_for_which(fixing: Fixing) -> None:
    main = 'module "all" {\n  for_each = toset(["a", "b"])\n  source   = "./m"\n  name     = each.key\n}\n'
    main = main.replace("  name ", '  tracing  = each.key == "a" ? "PassThrough" : "Active"\n  name ')
    made, files = fixing({"main.tf": main, "m/main.tf": MODULE}, "unalarmed-errors", 'module.all["a"]')
    assert outcomes(made) <= {Outcome.MADE, Outcome.IMPOSSIBLE}
    assert 'contains(["a"], each.key)' in files["main.tf"]


def test_what_another_root_reads_is_added_for_this_one_alone(fixing: Fixing) -> None:
    text = {
        "one/main.tf": call("a", "../m"),
        "two/main.tf": call("b", "../m").replace("  name ", '  tracing = "Active"\n  name '),
        "m/main.tf": LOGGING,
    }
    made, files = fixing(text, "unbounded-log-retention", "module.a.")
    assert outcomes(made) == {Outcome.MADE}
    assert "with_log_group = true" in files["one/main.tf"]
    assert "two/main.tf" not in files


# ---------------------------------------------------------------------------------------------- keys


SEVERAL = """\
resource "aws_lambda_function" "some" {
  for_each = toset(["a", "b"])

  function_name = each.key
  role          = "arn:aws:iam::123456789012:role/x"
  runtime       = "python3.13"
  handler       = "main.handler"
}
"""


def test_a_resource_for_one_key_and_then_for_another(fixing: Fixing) -> None:
    made, files = fixing({"main.tf": SEVERAL}, "unbounded-log-retention", '["a"]')
    assert outcomes(made) == {Outcome.MADE}
    assert 'for_each = toset(["a"])' in files["main.tf"]
    made, files = fixing(files, "unbounded-log-retention", '["b"]')
    assert outcomes(made) == {Outcome.MADE}
    assert files["main.tf"].count('resource "aws_cloudwatch_log_group"') == 1
    assert files["main.tf"].count('toset(["a", "b"])') == 2


def test_values_by_key_grow_into_a_table(fixing: Fixing) -> None:
    text = {"main.tf": SEVERAL.replace("python3.13", "python3.8").replace("toset", "toset")}
    _, first = fixing(text, "deprecated-runtime", '["a"]')
    assert 'runtime       = each.key == "a" ? "python3.14" : "python3.8"' in first["main.tf"]
    made, second = fixing(first, "deprecated-runtime", '["b"]')
    assert outcomes(made) == {Outcome.MADE}
    assert 'contains(["a", "b"], each.key) ? "python3.14" : "python3.8"' in second["main.tf"]


# ----------------------------------------------------------------------------------- JSON in a file


LOGS = '{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}'
POLICY = f'{{\n  "Version": "2012-10-17",\n  "Statement": [\n    {LOGS}\n  ]\n}}\n'
FUNCTION = f"""\
resource "aws_iam_role" "api" {{
  name               = "api"
  assume_role_policy = jsonencode({TRUST})
}}

resource "aws_iam_role_policy" "api" {{
  role   = aws_iam_role.api.id
  policy = POLICY
}}

resource "aws_lambda_function" "api" {{
  function_name = "api"
  role          = aws_iam_role.api.arn
  runtime       = "python3.13"
  handler       = "main.handler"
}}
"""


def test_a_file_of_json_is_handed_the_log_group(fixing: Fixing) -> None:
    text = FUNCTION.replace("POLICY", 'file("${path.module}/policy.json")')
    made, files = fixing({"main.tf": text, "policy.json": POLICY}, "unscoped-logs")
    assert outcomes(made) == {Outcome.MADE}
    assert '"Resource": "${api_log_group_arn}:*"' in files["policy.json"]
    assert 'templatefile("${path.module}/policy.json", {' in files["main.tf"]
    assert "    api_log_group_arn = aws_cloudwatch_log_group.api.arn\n  })" in files["main.tf"]


def test_a_call_that_is_all_of_a_text_is_written_without_its_quotes(fixing: Fixing) -> None:
    text = FUNCTION.replace("POLICY", '"${file("${path.module}/policy.json")}"')
    made, files = fixing({"main.tf": text, "policy.json": POLICY}, "unscoped-logs")
    assert outcomes(made) == {Outcome.MADE}
    assert '  policy = templatefile("${path.module}/policy.json", {\n    api_log' in files["main.tf"]
    assert "aws_cloudwatch_log_group.api.arn\n  })\n}" in files["main.tf"]


def test_a_template_is_handed_one_variable_more(fixing: Fixing) -> None:
    text = FUNCTION.replace("POLICY", 'templatefile("${path.module}/p.tftpl", { stage = "x" })')
    made, files = fixing({"main.tf": text, "p.tftpl": POLICY}, "unscoped-logs")
    assert outcomes(made) == {Outcome.MADE}
    assert (
        '    stage             = "x"\n    api_log_group_arn = aws_cloudwatch_log_group.api.arn\n'
        in files["main.tf"]
    )


def test_a_file_that_would_be_a_template_by_accident_is_left(fixing: Fixing) -> None:
    text = FUNCTION.replace("POLICY", 'file("${path.module}/policy.json")')
    policy = POLICY.replace('"Version"', '"Id": "${aws:username}",\n  "Version"')
    made, files = fixing({"main.tf": text, "policy.json": policy}, "unscoped-logs")
    assert outcomes(made) == {Outcome.IMPOSSIBLE} and not files


def test_json_inside_of_quotes_keeps_its_escapes(fixing: Fixing) -> None:
    quoted = POLICY.replace("\n", "").replace('"', '\\"')
    made, files = fixing({"main.tf": FUNCTION.replace("POLICY", f'"{quoted}"')}, "unscoped-logs")
    assert outcomes(made) == {Outcome.MADE}
    assert '\\"Resource\\": \\"${aws_cloudwatch_log_group.api.arn}:*\\"}' in files["main.tf"]


@pytest.mark.parametrize("written", ["text", "document"])
def test_statements_of_terraforms_json_syntax(fixing: Fixing, written: str) -> None:
    policy = POLICY.replace("\n", "") if written == "text" else "${data.aws_iam_policy_document.api.json}"
    statement = {"actions": ["logs:CreateLogStream", "logs:PutLogEvents"], "resources": ["*"]}
    whole = {
        "data": {"aws_iam_policy_document": {"api": {"statement": [statement]}}},
        "resource": {
            "aws_iam_role": {"api": {"name": "api", "assume_role_policy": TRUST}},
            "aws_iam_role_policy": {"api": {"role": "${aws_iam_role.api.id}", "policy": policy}},
            "aws_lambda_function": {
                "api": {
                    "function_name": "api",
                    "role": "${aws_iam_role.api.arn}",
                    "runtime": "python3.13",
                    "handler": "main.handler",
                }
            },
        },
    }
    made, files = fixing({"main.tf.json": json.dumps(whole, indent=2)}, "unscoped-logs")
    assert outcomes(made) == {Outcome.MADE}
    after = json.loads(files["main.tf.json"])
    if written == "text":
        said = json.loads(after["resource"]["aws_iam_role_policy"]["api"]["policy"])["Statement"][0]["Resource"]
    else:
        (said,) = after["data"]["aws_iam_policy_document"]["api"]["statement"][0]["resources"]
    assert said == "${aws_cloudwatch_log_group.api.arn}:*"


def test_a_policy_goes_where_policies_are_kept_and_not_beside_the_only_one_of_another(fixing: Fixing) -> None:
    attached = """
resource "aws_iam_role_policy_attachment" "api" {
  role       = aws_iam_role.api.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_cloudwatch_log_group" "api" {
  name = "/aws/lambda/api"
}
"""
    own = FUNCTION.replace(
        FUNCTION[FUNCTION.index('resource "aws_iam_role_policy"') : FUNCTION.index('resource "aws_lambda')], ""
    )
    other = 'resource "aws_iam_role_policy" "other" {\n  role   = "other"\n  policy = "{}"\n}\n'
    queues = "".join(f'\nresource "aws_sqs_queue" "q{number}" {{\n}}\n' for number in range(3))
    for beside, wanted in ((queues, "main.tf"), ("", "other.tf")):
        made, files = fixing({"main.tf": own + attached, "other.tf": other + beside}, "unscoped-logs")
        assert outcomes(made) == {Outcome.MADE}
        assert [name for name in files if "logs:PutLogEvents" in files[name]] == [wanted]
