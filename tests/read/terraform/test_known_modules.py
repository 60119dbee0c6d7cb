"""A call of the Lambda module that nobody downloaded: what it gives is known, all else is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stockade.cli.app import app
from stockade.cli.outside import Outside
from stockade.value import Default, Known, Unknown, Written
from tests.read.terraform.project import at, reading

CALL = """\
module "orders" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 7.0"

  function_name         = "orders"
  runtime               = "python3.8"
  tracing_mode          = "Active"
  environment_variables = { STAGE = "prod" }
%s
}
output "name" { value = module.orders.lambda_function_name }
"""
ADDRESS = "module.orders.aws_lambda_function.this[0]"


def test_what_the_call_gives_is_known_at_its_place(tmp_path: Path) -> None:
    found = reading(tmp_path, CALL % "")
    attributes = at(found, ADDRESS).attributes
    runtime = attributes["runtime"]
    assert isinstance(runtime, Known)
    assert runtime.value == "python3.8"
    assert isinstance(runtime.origin, Written)
    span = runtime.origin.span
    assert span.source.data[span.start : span.end] == b'"python3.8"'
    (environment,) = attributes["environment"].value  # type: ignore[union-attr]
    assert environment.value["variables"].value["STAGE"].value == "prod"
    assert [gap.what for gap in found.gaps] == ["`module.orders` was not read"]


@pytest.mark.parametrize(
    "name", ["memory_size", "dead_letter_config", "layers", "code_signing_config_arn", "image_uri"]
)
def test_what_the_call_leaves_out_is_unknown_whatever_the_module_does(tmp_path: Path, name: str) -> None:
    value = at(reading(tmp_path, CALL % ""), ADDRESS).attributes[name]
    assert isinstance(value, Unknown)
    assert "its module is not downloaded" in value.reason


@pytest.mark.parametrize(
    ("name", "nothing"), [("kms_key_arn", None), ("vpc_config", ()), ("file_system_config", ())]
)
def test_what_the_module_cannot_know_of_itself_is_not_there(tmp_path: Path, name: str, nothing: object) -> None:
    value = at(reading(tmp_path, CALL % ""), ADDRESS).attributes[name]
    assert isinstance(value, Known)
    assert value.value == nothing
    assert isinstance(value.origin, Default)


def test_what_an_override_gives_is_read_there(tmp_path: Path) -> None:
    given = 'vpc_subnet_ids = ["subnet-1"]\n  vpc_security_group_ids = ["sg-1"]\n  runtime = "python3.13"'
    more = f'--- main_override.tf\nmodule "orders" {{\n  {given}\n}}\n'
    attributes = at(reading(tmp_path, CALL % "" + more), ADDRESS).attributes
    (block,) = attributes["vpc_config"].value  # type: ignore[union-attr]
    (subnet,) = block.value["subnet_ids"].value
    assert subnet.value == "subnet-1"
    runtime = attributes["runtime"]
    assert isinstance(runtime, Known)
    assert runtime.value == "python3.13"
    assert isinstance(runtime.origin, Written)
    assert runtime.origin.span.source.path.endswith("main_override.tf")


def test_what_two_files_give_together_is_not_taken_for_left_out(tmp_path: Path) -> None:
    more = '--- main_override.tf\nmodule "orders" {\n  vpc_security_group_ids = ["sg-1"]\n}\n'
    found = reading(tmp_path, CALL % 'vpc_subnet_ids = ["subnet-1"]' + more)
    assert isinstance(at(found, ADDRESS).attributes["vpc_config"], Unknown)


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ('vpc_subnet_ids = ["subnet-1"]\nvpc_security_group_ids = ["sg-1"]', 1),
        ('vpc_subnet_ids = ["subnet-1"]\nvpc_security_group_ids = null', 0),
        ('vpc_subnet_ids = ["subnet-1"]', 0),
    ],
)
def test_a_block_is_there_if_the_module_makes_it(tmp_path: Path, said: str, count: int) -> None:
    blocks = at(reading(tmp_path, CALL % said), ADDRESS).attributes["vpc_config"]
    assert isinstance(blocks, Known)
    assert len(blocks.value) == count


def test_a_block_whose_value_may_be_null_may_not_be_there(tmp_path: Path) -> None:
    said = 'file_system_arn = var.x\nfile_system_local_mount_path = "/mnt/x"\n}\nvariable "x" {'
    blocks = at(reading(tmp_path, CALL % said), ADDRESS).attributes["file_system_config"]
    assert isinstance(blocks, Known)
    (block,) = blocks.value
    assert isinstance(block, Unknown)


@pytest.mark.parametrize(
    ("said", "control", "answer"),
    [
        ("", "misplaced-vpc", "holds"),
        ("environment_variables = var.x", "misplaced-vpc", "holds"),
        ("environment_variables = var.x", "default-key-environment", "undecided"),
        ('environment_variables = { A = "b" }\nkms_key_arn = var.x', "default-key-environment", "undecided"),
        ("create_lambda_function_url = true", "public-function-url", "undecided"),
        ("create_lambda_function_url = var.x", "open-cors", "undecided"),
        (
            'create_lambda_function_url = true\nauthorization_type = "AWS_IAM"',
            "public-function-url",
            "holds",
        ),
        (
            'create_lambda_function_url = true\ncors = { allow_origins = ["*"] }\nauthorization_type = "NONE"',
            "open-cors",
            "fails",
        ),
        ('allowed_triggers = { files = { service = "s3" } }', "silent-async-failure", "undecided"),
        ('allowed_triggers = { files = { service = "s3" } }', "unscoped-invoker", "fails"),
        ("allowed_triggers = var.x", "unscoped-invoker", "undecided"),
        ("layers = var.x", "foreign-layer", "undecided"),
        ("", "foreign-layer", "undecided"),
        ("", "unsigned-code", "undecided"),
        ("", "untraced-function", "undecided"),
        ("", "mutable-image", "undecided"),
        ("", "overcommitted-concurrency", "undecided"),
    ],
)
def test_no_control_passes_over_it_because_of_what_is_not_known(
    tmp_path: Path, said: str, control: str, answer: str
) -> None:
    call = 'source = "terraform-aws-modules/lambda/aws"\nversion = "8.8.1"\nfunction_name = "orders"'
    (tmp_path / "main.tf").write_text(f'variable "x" {{}}\nmodule "orders" {{\n{call}\n{said}\n}}\n')
    outside = Outside(tmp_path, {"SOURCE_DATE_EPOCH": "1793491200"})
    arguments = ["scan", "--format", "json", "--noise", "audit", "--control", control]
    result = CliRunner().invoke(app, arguments, obj=outside, standalone_mode=False)
    (function,) = json.loads(result.stdout)["functions"]
    assert function["checklist"][control] == answer


def test_what_it_polls_is_what_the_call_says(tmp_path: Path) -> None:
    said = (
        'event_source_mapping = { q = { event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:q"\n'
        "scaling_config = { maximum_concurrency = 5 } } }"
    )
    found = at(reading(tmp_path, CALL % said), 'module.orders.aws_lambda_event_source_mapping.this["q"]')
    arn = found.attributes["event_source_arn"]
    assert isinstance(arn, Known)
    assert arn.value == "arn:aws:sqs:eu-west-1:123456789012:q"
    assert isinstance(found.attributes["scaling_config"], Unknown)
    assert "destination_config" not in found.attributes


def test_what_it_polls_may_be_unknown(tmp_path: Path) -> None:
    said = 'event_source_mapping = var.x\n}\nvariable "x" {'
    found = at(reading(tmp_path, CALL % said), "module.orders.aws_lambda_event_source_mapping.this[?]")
    assert found.doubt is not None


def test_who_may_invoke_it_is_not_known(tmp_path: Path) -> None:
    found = reading(tmp_path, CALL % "")
    permission = at(found, "module.orders.aws_lambda_permission.current_version_triggers")
    assert permission.doubt is not None
    assert isinstance(permission.attributes["principal"], Unknown)


@pytest.mark.parametrize("text", ["create = false", "create_function = false", "create_layer = true"])
def test_a_call_that_makes_no_function_makes_none(tmp_path: Path, text: str) -> None:
    found = reading(tmp_path, CALL % text)
    assert [one.address for one in found.resources] == []


def test_a_role_that_the_call_hands_over_is_known(tmp_path: Path) -> None:
    handed = 'create_role = false\nlambda_role = "arn:aws:iam::123456789012:role/orders"'
    role = at(reading(tmp_path, CALL % handed), ADDRESS).attributes["role"]
    assert isinstance(role, Known)
    assert role.value == "arn:aws:iam::123456789012:role/orders"


STATEMENTS = """\
attach_policy_statements = %s
policy_statements = {
  read = { actions = ["s3:GetObject"], resources = ["arn:aws:s3:::b/*"]
           condition = { tls = { test = "Bool", variable = "aws:SecureTransport", values = ["true"] } } }
}
"""


def policies(directory: Path, said: str) -> dict[str, Any]:
    """What is attached to the module's role, by its address within the module."""
    found = reading(directory, CALL % said)
    return {
        one.address.removeprefix("module.orders."): one.attributes
        for one in found.resources
        if one.type.startswith("aws_iam_role_policy")
    }


def test_statements_of_the_call_are_a_policy_of_its_role(tmp_path: Path) -> None:
    found = policies(tmp_path, STATEMENTS % "true")
    policy = found["aws_iam_role_policy.additional_inline[0]"]["policy"]
    (statement,) = json.loads(policy.value)["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*",
        "Condition": {"Bool": {"aws:SecureTransport": "true"}},
    }
    assert isinstance(found["aws_iam_role_policy.logs[0]"]["policy"], Unknown)


@pytest.mark.parametrize("switch", ["false", "null"])
def test_statements_that_are_not_attached_are_none(tmp_path: Path, switch: str) -> None:
    assert list(policies(tmp_path, STATEMENTS % switch)) == ["aws_iam_role_policy.logs[0]"]


def test_statements_that_may_be_attached_are_in_doubt(tmp_path: Path) -> None:
    found = reading(tmp_path, CALL % (STATEMENTS % 'var.x\n}\nvariable "x" {'))
    assert at(found, "module.orders.aws_iam_role_policy.additional_inline[0]").doubt is not None


@pytest.mark.parametrize(
    ("said", "name", "argument", "value"),
    [
        ('attach_policy = true\npolicy = "arn:x"', "_attachment.additional_one[0]", "policy_arn", "arn:x"),
        ('attach_policy_json = true\npolicy_json = "{}"', ".additional_json[0]", "policy", "{}"),
        ('attach_policy_jsons = true\npolicy_jsons = ["{}"]', ".additional_jsons[0]", "policy", "{}"),
        (
            'attach_policies = true\npolicies = ["arn:x", "arn:y"]',
            "_attachment.additional_many[1]",
            "policy_arn",
            "arn:y",
        ),
    ],
)
def test_policies_of_the_call_are_those_of_its_role(
    tmp_path: Path, said: str, name: str, argument: str, value: str
) -> None:
    assert policies(tmp_path, said)[f"aws_iam_role_policy{name}"][argument].value == value


@pytest.mark.parametrize("name", ["additional_many[?]", "additional_inline[0]"])
def test_policies_that_are_not_known_are_there_all_the_same(tmp_path: Path, name: str) -> None:
    said = (
        "attach_policies = true\npolicies = var.x\nattach_policy_statements = true\npolicy_statements = var.x"
    )
    found = policies(tmp_path, said + '\n}\nvariable "x" {')
    (policy,) = (one for address, one in found.items() if address.endswith(name))
    assert isinstance(policy.get("policy", policy.get("policy_arn")), Unknown)


@pytest.mark.parametrize(
    ("said", "control", "answer"),
    [
        ("", "admin-role", "undecided"),
        ("", "wildcard-action", "undecided"),
        (STATEMENTS % "true", "wildcard-action", "undecided"),
        (STATEMENTS.replace("s3:GetObject", "s3:*") % "true", "wildcard-action", "fails"),
        (STATEMENTS.replace("s3:GetObject", "s3:*") % "false", "wildcard-action", "undecided"),
        ('attach_policy = true\npolicy = "arn:aws:iam::aws:policy/AdministratorAccess"', "admin-role", "fails"),
        ("", "shared-role", "holds"),
    ],
)
def test_a_role_is_told_of_by_what_the_call_gives_it_and_never_passed(
    tmp_path: Path, said: str, control: str, answer: str
) -> None:
    (tmp_path / "main.tf").write_text(CALL % said + 'variable "x" {}\n')
    outside = Outside(tmp_path, {"SOURCE_DATE_EPOCH": "1793491200"})
    arguments = ["scan", "--format", "json", "--noise", "audit", "--control", control]
    result = CliRunner().invoke(app, arguments, obj=outside, standalone_mode=False)
    (function,) = json.loads(result.stdout)["functions"]
    assert function["checklist"][control] == answer


@pytest.mark.parametrize(
    ("source", "version", "known"),
    [
        ("terraform-aws-modules/lambda/aws", None, True),
        ("registry.terraform.io/terraform-aws-modules/lambda/aws", "8.8.1", True),
        ("terraform-aws-modules/lambda/aws", ">= 2, < 9", True),
        ("terraform-aws-modules/lambda/aws", "~> 9.0", False),
        ("terraform-aws-modules/lambda/aws", "0.0.1", False),
        ("terraform-aws-modules/lambda/aws//modules/alias", "7.0", False),
        ("somebody/lambda/aws", "7.0", False),
    ],
)
def test_only_versions_that_were_read_are_known(
    tmp_path: Path, source: str, version: str | None, known: bool
) -> None:
    said = f'version = "{version}"' if version else ""
    found = reading(tmp_path, f'module "x" {{\n  source = "{source}"\n  {said}\n}}\n')
    assert bool(found.resources) is known
    assert [gap.what for gap in found.gaps] == ["`module.x` was not read"]
