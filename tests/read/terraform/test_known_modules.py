"""A call of the Lambda module that nobody downloaded: what it gives is known, all else is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.value import Known, Unknown, Written
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
    "name", ["role", "memory_size", "dead_letter_config", "layers", "code_signing_config_arn", "image_uri"]
)
def test_what_the_call_leaves_out_is_unknown_whatever_the_module_does(tmp_path: Path, name: str) -> None:
    value = at(reading(tmp_path, CALL % ""), ADDRESS).attributes[name]
    assert isinstance(value, Unknown)
    assert "its module is not downloaded" in value.reason


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
