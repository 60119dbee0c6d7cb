"""What is printed of projects with several directories, held against Terraform itself where it is there."""

from __future__ import annotations

import os
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
import yaml

from stockade.cli import main
from tests.needs.made import world

CODE = """
import os, boto3
def handler(event, context):
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).put_item(Item=event)
    boto3.client("s3").get_object(Bucket=os.environ["BUCKET"], Key="in/x")
"""
FUNCTION = """
variable "name" {}
variable "bucket" {}
resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = aws_iam_role.this.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "${path.root}/code.zip"
  environment {
    variables = { TABLE = aws_dynamodb_table.this.name, BUCKET = var.bucket }
  }
}
resource "aws_dynamodb_table" "this" {
  name         = "${var.name}-orders"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "id"
    type = "S"
  }
}
resource "aws_iam_role" "this" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}
"""
CALL = """
module "%s" {
  source = "./function"
  name   = "%s"
  bucket = var.stage
}
"""
ROOT = """
provider "aws" {
  region = "eu-west-1"
}
variable "stage" {}
"""
PROJECTS = {
    "one call": ((CALL % ("a", "one")).replace("var.stage", '"files"'), "# in `"),
    "one call with a variable": (CALL % ("a", "one"), ""),
    "two calls": (CALL % ("a", "one") + CALL % ("b", "two"), ""),
    "for each": (
        CALL.replace("source =", 'for_each = toset(["x", "y"])\n  source =') % ("a", "${each.key}"),
        "",
    ),
    "who knows how many": (
        'variable "names" { type = set(string) }\n'
        + CALL.replace("source =", "for_each = var.names\n  source =") % ("a", "${each.key}"),
        "",
    ),
}
ADDED = re.compile(r"# to be added: an output \"([^\"]+)\" of `([^`]+)`: (\S+)")


def project(tmp_path: Path, calls: str) -> Path:
    directory = tmp_path / "infra"
    world(directory, {"main.tf": ROOT + calls, "function/main.tf": FUNCTION})
    with zipfile.ZipFile(directory / "code.zip", "w") as archive:
        archive.writestr("app.py", CODE)
    return directory


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["policy", *arguments]) in (0, 3)
    return capsys.readouterr().out


@pytest.mark.parametrize("name", PROJECTS)
def test_where_a_policy_stands(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calls, heading = PROJECTS[name]
    text = printed(capsys, str(project(tmp_path, calls)), "--format", "hcl")
    if heading:
        assert re.match(r"# in `[^`]*function`, which is `module\.a` of `[^`]+`\n", text)
        assert "aws_iam_role.this.id" in text
        assert "aws_dynamodb_table.this.arn" in text
    else:
        assert "# in `" not in text
        assert ADDED.search(text)
        assert "arn:aws:s3:::${var.stage}/in/x" in text
    assert "dynamodb:PutItem" in text
    assert "[?]" not in re.sub(r"(?m)^ *(?:#|description).*", "", text)


@pytest.mark.parametrize("name", PROJECTS)
def test_terraform_takes_it(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    terraform, plugins = os.environ.get("STOCKADE_TERRAFORM"), os.environ.get("STOCKADE_TF_PLUGINS")
    if not terraform or not plugins:
        pytest.skip("needs Terraform and its AWS provider (see CONTRIBUTING.md)")
    calls, heading = PROJECTS[name]
    directory = project(tmp_path, calls)
    text = printed(capsys, str(directory), "--format", "hcl")
    (directory / ("function" if heading else ".") / "policies.tf").write_text(text)
    outputs = {f'output "{one[1]}" {{\n  value = {one[3]}\n}}\n' for one in ADDED.finditer(text)}
    (directory / "function" / "outputs.tf").write_text("".join(sorted(outputs)))
    for command in (["init", "-backend=false", f"-plugin-dir={plugins}"], ["validate"]):
        done = subprocess.run(
            [terraform, *command, "-no-color"], cwd=directory, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    formatted = subprocess.run([terraform, "fmt", "-"], input=text, capture_output=True, text=True, check=True)
    assert formatted.stdout == text


def test_policies_of_several_root_modules_stand_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("dev", "prod"):
        project(tmp_path / name, CALL % ("a", "one") + CALL % ("b", "two"))
    text = printed(capsys, str(tmp_path), "--format", "hcl")
    headings = re.findall(r"(?m)^# in `([^`]+)`$", text)
    assert [one.rpartition("/")[0].rpartition("/")[2] for one in headings] == ["dev", "prod"]
    for part in re.split(r"(?m)^# in `", text)[1:]:
        labels = re.findall(r'(?m)^resource "aws_iam_role_policy" "(\w+)"', part)
        assert len(labels) == len(set(labels)) == 2
        assert part.count('data "aws_caller_identity" "current" {}') == 1


SERVICE = """
service: shop
provider: {name: aws, runtime: python3.13, tracing: {lambda: true}}
functions:
  first: {handler: app.handler, environment: {TABLE: t, BUCKET: b}}
  second: {handler: app.handler, environment: {TABLE: t, BUCKET: b}}
"""


def test_functions_that_share_a_role_have_no_sid_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world(tmp_path, {"serverless.yml": SERVICE, "app.py": CODE})
    text = printed(capsys, str(tmp_path), "--format", "yaml")
    sids = re.findall(r"(?m)^ *- Sid: (\w+)$", text)
    assert len(sids) == len(set(sids)) >= 6
    for part in text.split("statements:\n")[1:]:
        assert isinstance(yaml.safe_load(re.sub(r"!\w+", "", part)), list)


GO = {
    "go.mod": "module example.com/shop\n",
    "store/store.go": """
package store
import (
	"context"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)
func Put(ctx context.Context, db *dynamodb.Client, table string) {
	db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(table)})
}
""",
    "other/other.go": "package other\nfunc broken( {\n",
    "functions/put/main.go": """
package main
import (
	"context"
	"os"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"example.com/shop/store"
)
func handle(ctx context.Context) { store.Put(ctx, dynamodb.NewFromConfig(cfg), os.Getenv("TABLE")) }
func main() { lambda.Start(handle) }
""",
    "template.yaml": """
Transform: AWS::Serverless-2016-10-31
Resources:
  Put:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: go1.x}
    Properties:
      Runtime: provided.al2023
      Handler: bootstrap
      CodeUri: functions/put
      Environment: {Variables: {TABLE: !Ref Table}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {}
""",
}


def test_a_program_of_go_has_the_packages_of_its_module(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world(tmp_path, GO)
    text = printed(capsys, str(tmp_path), "--format", "yaml")
    assert "store/store.go:9 dynamodb.PutItem" in text
    assert "Resource: !GetAtt Table.Arn" in text
    assert "other.go" not in text  # which the program does not import
