"""What a trail shows is what is declared: one table has one line, whatever an event calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.model.need import Certainty, Needed, Reason
from stockade.needs.said import in_json
from stockade.needs.witnessed import joined
from tests.needs.made import HERE, world

AT = "eu-west-1:123456789012"
TERRAFORM = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
}
variable "stage" { type = string }
resource "aws_dynamodb_table" "orders" { name = "orders" }
resource "aws_dynamodb_table" "staged" { name = "${var.stage}-audit" }
resource "aws_s3_bucket" "files" { bucket = "files" }
resource "aws_sqs_queue" "jobs" { name = "jobs" }
resource "aws_ssm_parameter" "a" { name = "/a" }
resource "aws_ssm_parameter" "b" { name = "/a/b" }
resource "aws_secretsmanager_secret" "db" { name = "db" }
resource "aws_cloudwatch_log_group" "own" { name = "/own/group" }
resource "aws_sns_topic" "one" { name = "twice" }
resource "aws_sns_topic" "two" { name = "twice" }
"""
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: { Runtime: python3.12, Handler: app.handler, CodeUri: src }
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: { BillingMode: PAY_PER_REQUEST }
  Files: { Type: AWS::S3::Bucket }
"""


def said(directory: Path, file: str, text: str, arn: str) -> tuple[list[str], tuple[str, ...]]:
    made = world(directory, {file: text})
    need = Needed(
        action="x:Y", resource=arn, certainty=Certainty.CERTAIN, found="trail", reasons=(Reason("seen", HERE),)
    )
    found, told = joined([need], made, made.functions[0])
    return [in_json(one.resource) for one in found], told


@pytest.mark.parametrize(
    ("arn", "resource"),
    [
        (f"arn:aws:dynamodb:{AT}:table/orders", "${aws_dynamodb_table.orders.arn}"),
        (f"arn:aws:dynamodb:{AT}:table/orders/index/by-day", "${aws_dynamodb_table.orders.arn}/index/by-day"),
        ("arn:aws:s3:::files", "${aws_s3_bucket.files.arn}"),
        ("arn:aws:s3:::files/*", "${aws_s3_bucket.files.arn}/*"),
        (f"arn:aws:sqs:{AT}:jobs", "${aws_sqs_queue.jobs.arn}"),
        (f"arn:aws:ssm:{AT}:parameter/a", "${aws_ssm_parameter.a.arn}"),
        (f"arn:aws:ssm:{AT}:parameter/a/b", "${aws_ssm_parameter.b.arn}"),
        (f"arn:aws:secretsmanager:{AT}:secret:db-??????", "${aws_secretsmanager_secret.db.arn}"),
        (f"arn:aws:logs:{AT}:log-group:/own/group:*", "${aws_cloudwatch_log_group.own.arn}:*"),
    ],
)
def test_a_name_that_is_known_is_the_resource(tmp_path: Path, arn: str, resource: str) -> None:
    assert said(tmp_path, "main.tf", TERRAFORM, arn) == ([resource], ())


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:dynamodb:{AT}:table/orders2",
        "arn:aws:dynamodb:eu-west-1:999999999999:table/orders",
        f"arn:aws:sns:{AT}:twice",
        "arn:aws:s3:::files-too/*",
        "*",
    ],
)
def test_what_is_declared_nowhere_or_twice_or_is_anothers_stays(tmp_path: Path, arn: str) -> None:
    assert said(tmp_path, "main.tf", TERRAFORM, arn) == ([arn], ())


def test_a_name_that_is_known_in_part_is_told(tmp_path: Path) -> None:
    arn = f"arn:aws:dynamodb:{AT}:table/dev-audit"
    found, (told,) = said(tmp_path, "main.tf", TERRAFORM, arn)
    assert found == [arn]
    assert told == f"`{arn}` may be `aws_dynamodb_table.staged`, whose name is not known before it is deployed"


@pytest.mark.parametrize(
    ("arn", "resource"),
    [
        (f"arn:aws:dynamodb:{AT}:table/shop-Orders-1ABCDEF2GHIJK", "${Orders.Arn}"),
        ("arn:aws:s3:::shop-files-1abcdef2ghijk/*", "${Files.Arn}/*"),
    ],
)
def test_a_name_that_cloudformation_made(tmp_path: Path, arn: str, resource: str) -> None:
    assert said(tmp_path, "template.yaml", TEMPLATE, arn) == ([resource], ())
