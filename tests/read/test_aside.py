"""What is not deployed is told, and its findings wait for whoever asks for more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stockade import controls
from stockade.control import Noise
from stockade.model.aside import is_local
from stockade.read.inputs import Options, read_all
from stockade.report import Report
from stockade.scan import scan

FUNCTION = """
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python2.7"

  environment {
    variables = {
      DB_PASSWORD = "Tr0ub4dor-and-3"
    }
  }
}
"""
LOCAL = """
provider "aws" {
  endpoints {
    lambda = "http://localhost:4566"
  }
}
"""
SAM = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Role: arn:aws:iam::123456789012:role/orders
      Runtime: python2.7
      Handler: main.handler
      CodeUri: s3://code/orders.zip
"""
TEMPLATE = json.dumps(
    {
        "Resources": {
            "Orders": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Role": "arn:aws:iam::123456789012:role/orders",
                    "Runtime": "python2.7",
                    "Handler": "main.handler",
                    "Code": {"S3Bucket": "code", "S3Key": "orders.zip"},
                },
            }
        }
    }
)


def scanned(directory: Path, files: dict[str, str], noise: Noise = Noise.REGULAR) -> Report:
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    inputs = read_all([directory], Options(directory, {}, (), {}), lambda done, total, which: None)
    asked = ("deprecated-runtime", "plaintext-secret")
    return scan(inputs, controls.load(), at="2026-11-23T10:00:00Z", noise=noise, only=asked)


def found(report: Report) -> set[tuple[str, str]]:
    return {(one.control, one.evidence[0].span.path) for one in report.findings}


def told(report: Report) -> list[str]:
    return [one.reason for one in report.gaps if one.spare]


def test_what_talks_to_an_imitation_of_aws_is_set_aside_but_for_its_secrets(tmp_path: Path) -> None:
    report = scanned(tmp_path, {"main.tf": LOCAL + FUNCTION})
    assert found(report) == {("plaintext-secret", "main.tf")}
    assert [one.startswith("it runs locally") for one in told(report)] == [True]
    strict = scanned(tmp_path, {"main.tf": LOCAL + FUNCTION}, Noise.STRICT)
    assert ("deprecated-runtime", "main.tf") in found(strict)


@pytest.mark.parametrize(
    "provider",
    [
        'provider "aws" {\n  region = "eu-west-1"\n}\n',
        LOCAL + 'provider "aws" {\n  alias = "real"\n}\n',
        LOCAL.replace('"http://localhost:4566"', '"https://vpce-1.lambda.eu-west-1.vpce.amazonaws.com"'),
        'variable "to" {\n  default = "http://localhost:4566"\n}\n'
        + LOCAL.replace('"http://localhost:4566"', "var.to"),
    ],
)
def test_what_talks_to_aws_or_may_do_so_counts(tmp_path: Path, provider: str) -> None:
    report = scanned(tmp_path, {"main.tf": provider + FUNCTION})
    assert ("deprecated-runtime", "main.tf") in found(report)
    assert told(report) == []


def test_an_endpoint_in_an_override_file_comes_and_goes(tmp_path: Path) -> None:
    real = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
    report = scanned(tmp_path, {"main.tf": real + FUNCTION, "local_override.tf": LOCAL})
    assert ("deprecated-runtime", "main.tf") in found(report)


def test_a_local_root_says_nothing_of_a_module_that_others_call(tmp_path: Path) -> None:
    call = LOCAL + 'module "orders" {\n  source = "../module"\n}\n'
    report = scanned(tmp_path, {"module/main.tf": FUNCTION, "local/main.tf": call + FUNCTION})
    assert found(report) == {
        ("deprecated-runtime", "module/main.tf"),
        ("plaintext-secret", "module/main.tf"),
        ("plaintext-secret", "local/main.tf"),
    }


def test_what_an_example_declares_itself_is_set_aside_and_its_module_is_not(tmp_path: Path) -> None:
    module = FUNCTION.replace('"orders"', '"this"')
    example = 'module "orders" {\n  source = "../.."\n}\n' + FUNCTION
    report = scanned(tmp_path, {"main.tf": module, "examples/basic/main.tf": example})
    assert {path for control, path in found(report) if control == "deprecated-runtime"} == {"main.tf"}
    assert len(told(report)) == 1


def test_examples_of_no_module_are_projects(tmp_path: Path) -> None:
    report = scanned(tmp_path, {"examples/basic/main.tf": FUNCTION})
    assert ("deprecated-runtime", "examples/basic/main.tf") in found(report)
    assert told(report) == []


ASKING = 'variable "bucket" {}\n' + FUNCTION
CALLING = 'module "upload" {\n  source = "./lambdas/upload"\n  bucket = "files"\n}\n'


def test_a_module_that_nothing_calls_is_set_aside_beside_one_that_is_called(tmp_path: Path) -> None:
    files = {"main.tf": CALLING, "lambdas/upload/main.tf": ASKING, "lambdas/download/main.tf": ASKING}
    report = scanned(tmp_path, files)
    assert found(report) == {
        ("deprecated-runtime", "lambdas/upload/main.tf"),
        ("plaintext-secret", "lambdas/upload/main.tf"),
        ("plaintext-secret", "lambdas/download/main.tf"),
    }
    assert [one.startswith("it is a module that nothing here calls") for one in told(report)] == [True]


def test_a_module_beside_its_caller_is_one_too(tmp_path: Path) -> None:
    calling = CALLING.replace("lambdas/", "")
    report = scanned(tmp_path, {"main.tf": calling, "upload/main.tf": ASKING, "download/main.tf": ASKING})
    assert ("deprecated-runtime", "download/main.tf") not in found(report)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lambdas/download/provider.tf", 'provider "aws" {\n  region = "eu-west-1"\n}\n'),
        ("lambdas/download/state.tf", 'terraform {\n  backend "s3" {}\n}\n'),
        ("lambdas/download/prod.tfvars", 'bucket = "files"\n'),
        ("live/terragrunt.hcl", 'terraform {\n  source = "../lambdas//download"\n}\n'),
        ("lambdas/download/variables.tf", 'variable "stage" {}\n'),
    ],
)
def test_what_may_be_run_where_it_stands_counts(tmp_path: Path, name: str, text: str) -> None:
    alone = FUNCTION if name.endswith("variables.tf") else ASKING
    files = {
        "main.tf": CALLING,
        "lambdas/upload/main.tf": ASKING,
        "lambdas/download/main.tf": alone,
        name: text,
    }
    if name.endswith("variables.tf"):
        files[name] = 'variable "stage" {\n  default = "prod"\n}\n'
    report = scanned(tmp_path, files)
    assert ("deprecated-runtime", "lambdas/download/main.tf") in found(report)
    assert told(report) == []


def test_modules_of_which_none_is_called_are_projects(tmp_path: Path) -> None:
    report = scanned(tmp_path, {"lambdas/upload/main.tf": ASKING, "lambdas/download/main.tf": ASKING})
    assert ("deprecated-runtime", "lambdas/download/main.tf") in found(report)
    assert told(report) == []


@pytest.mark.parametrize(
    ("template", "aside"),
    [
        (SAM, False),
        ("# AWS SAM template for testing Lambda locally" + SAM, True),
        (SAM.replace("Resources:", "Description: For local testing only\nResources:"), True),
        (SAM.replace("Resources:", "Description: Local news, tasted\nResources:"), False),
        (SAM + "# for local testing\n", False),
        (
            SAM
            + "      Environment:\n        Variables: {AWS_ACCESS_KEY_ID: local, "
            + "AWS_SECRET_ACCESS_KEY: local}\n",
            True,
        ),
        (
            SAM
            + "      Environment:\n        Variables: {AWS_ACCESS_KEY_ID: AKIAZ5TQ3XMPL7NEWKEY, "
            + "AWS_SECRET_ACCESS_KEY: local}\n",
            False,
        ),
    ],
)
def test_templates_that_are_for_local_tests(tmp_path: Path, template: str, aside: bool) -> None:
    report = scanned(tmp_path, {"template.yaml": template})
    assert (("deprecated-runtime", "template.yaml") in found(report)) is not aside
    assert bool(told(report)) is aside


@pytest.mark.parametrize(
    ("endpoint", "local"),
    [
        ("http://localhost:4566", True),
        ("http://127.0.0.1:5000/", True),
        ("http://host.docker.internal:4566", True),
        ("http://s3.localhost.localstack.cloud:4566", True),
        ("https://localhost.example.org", False),
        ("https://sqs.eu-west-1.amazonaws.com", False),
        ("http://10.0.0.1:4566", False),
    ],
)
def test_endpoints_on_the_machine_itself(endpoint: str, local: bool) -> None:
    assert is_local(endpoint) is local


def test_what_an_integration_test_of_the_cdk_deploys(tmp_path: Path) -> None:
    folder = "test/integ.orders.ts.snapshot"
    files = {f"{folder}/Orders.template.json": TEMPLATE, f"{folder}/manifest.json": "{}"}
    assert found(scanned(tmp_path, files)) == {("deprecated-runtime", f"{folder}/Orders.template.json")}
    tested = {**files, f"{folder}/integ.json": '{"version": "36.0.0", "testCases": {"orders/DefaultTest": {}}}'}
    report = scanned(tmp_path, tested)
    assert found(report) == set()
    assert [one.partition(";")[0] for one in told(report)] == [
        "it is what an integration test of the CDK deploys and takes away again"
    ]
    for other in ("{}", "{", "[" * 100_000):
        assert found(scanned(tmp_path, {**files, f"{folder}/integ.json": other}))
