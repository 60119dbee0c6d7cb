"""Policies as text: read again by the readers of their own languages they allow what is needed, and no more."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stockade.cli import main
from stockade.control import Holds
from stockade.needs.texts import hcl, yaml
from stockade.needs.unused import Judgement, judged
from stockade.value import Hole, Ref, Text
from tests.cases_harness import all_controls
from tests.needs.made import world

SOURCE = """
import os, boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def handler(event, context):
    table.put_item(Item=event)
    table.query(IndexName="by-day")
    boto3.client("secretsmanager").get_secret_value(SecretId="db")
    boto3.client("kms").encrypt(KeyId="alias/own", Plaintext=b"")
    boto3.client("s3").get_object(Bucket="files", Key="in/" + event["key"])
    boto3.client("sns").publish(PhoneNumber="+1", Message="x")
"""
MAIN = """
data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "${path.module}/code.zip"
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = data.archive_file.code.output_path
  environment {
    variables = { TABLE = aws_dynamodb_table.orders.name }
  }
}

resource "aws_dynamodb_table" "orders" {
  name     = var.table
  hash_key = "id"
}

variable "table" {
  type = string
}

resource "aws_iam_role" "orders" {
  name               = "orders-role"
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
STYLES = {
    "document": """
data "aws_iam_policy_document" "old" {
  statement {
    actions   = ["s3:*"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "old" {
  role   = aws_iam_role.orders.id
  policy = data.aws_iam_policy_document.old.json
}
""",
    "jsonencode": """
resource "aws_iam_role_policy" "old" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
  })
}
""",
}
SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
      Environment:
        Variables:
          TABLE: !Ref Table
%s
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {}
"""
TEMPLATE = """
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Code: src
      Role: !GetAtt Role.Arn
      Environment:
        Variables:
          TABLE: !Ref Table
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {}
"""
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "policy-1.json").read_text())


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["policy", *arguments]) in (0, 3)
    return capsys.readouterr().out


def holds(directory: Path, files: dict[str, str]) -> None:
    """A project's role allows what its function needs, and nothing else."""
    made = world(directory, {**files, "src/app.py": SOURCE})
    (role,) = made.execution_roles
    found = judged(role, made)
    assert isinstance(found, Judgement)
    assert [one.unused for one in found.statements if one.unused] == []
    (needs,) = made.needs
    assert isinstance(all_controls()["missing-permission"].check(needs, made), Holds)


@pytest.mark.parametrize("style", STYLES)
def test_terraform_reads_it_again(style: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world(tmp_path / "before", {"main.tf": MAIN + STYLES[style], "src/app.py": SOURCE})
    text = printed(capsys, str(tmp_path / "before"), "--format", "hcl")
    assert ("jsonencode(" in text) == (style == "jsonencode")
    assert "app.py:5 dynamodb.PutItem" in text
    assert "aws_dynamodb_table.orders.arn" in text
    holds(tmp_path / "after", {"main.tf": MAIN, "policy.tf": text})


@pytest.mark.parametrize("style", STYLES)
def test_terraform_would_format_it_so(style: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    terraform = os.environ.get("STOCKADE_TERRAFORM")
    if not terraform:
        pytest.skip("needs Terraform: set STOCKADE_TERRAFORM (see CONTRIBUTING.md)")
    world(tmp_path, {"main.tf": MAIN + STYLES[style], "src/app.py": SOURCE})
    text = printed(capsys, str(tmp_path), "--format", "hcl")
    done = subprocess.run([terraform, "fmt", "-"], input=text, capture_output=True, text=True, check=True)
    assert done.stdout == text


def test_sam_reads_it_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world(tmp_path / "before", {"template.yaml": SAM % "", "src/app.py": SOURCE})
    text = printed(capsys, str(tmp_path / "before"), "--format", "yaml")
    assert "Resource: !GetAtt Table.Arn" in text
    inside = "".join(f"      {line}\n" for line in text.splitlines())
    holds(tmp_path / "after", {"template.yaml": SAM % inside})


def test_cloudformation_reads_it_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world(tmp_path / "before", {"template.yaml": TEMPLATE, "src/app.py": SOURCE})
    text = printed(capsys, str(tmp_path / "before"), "--format", "yaml")
    inside = "".join(f"  {line}\n" for line in text.splitlines())
    holds(tmp_path / "after", {"template.yaml": TEMPLATE + inside})


@pytest.mark.parametrize("files", [{"main.tf": MAIN}, {"template.yaml": SAM % ""}], ids=["terraform", "sam"])
def test_json_fits_its_schema(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    world(tmp_path, {**files, "src/app.py": SOURCE})
    document: dict[str, Any] = json.loads(printed(capsys, str(tmp_path), "--format", "json"))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    (function,) = document["functions"]
    put = next(one for one in function["needs"] if one["action"] == "dynamodb:PutItem")
    assert put["certainty"] == "certain"
    assert [one["line"] for one in put["evidence"]] == [5]
    assert function["complete"] is True


def test_expressions_of_terraform() -> None:
    names = hcl.Names({"aws_region": "here"})
    said = [
        hcl.expression("plain ${x}", names),
        hcl.expression(Text((Ref("aws_sqs_queue.q", "arn"),)), names),
        hcl.expression(Text((Ref("module.m.aws_sqs_queue.q", "arn"), "/*")), names, "module.m."),
        hcl.expression(Text(("arn:aws:x:", Hole("region"), ":", Hole("account"), ":y")), names),
        hcl.expression(Text(("a-", Hole("var.stage"))), names),
        hcl.expression(Text((Hole("something that nobody can say"),)), names),
    ]
    assert said == [
        '"plain $${x}"',
        "aws_sqs_queue.q.arn",
        '"${aws_sqs_queue.q.arn}/*"',
        '"arn:aws:x:${data.aws_region.here.id}:${data.aws_caller_identity.current.account_id}:y"',
        '"a-${var.stage}"',
        '"${var.something_that_nobody_can_say}"',
    ]
    assert names.missing() == ['data "aws_caller_identity" "current" {}']


def test_source_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "app.py").write_text(SOURCE)
    text = printed(capsys, str(tmp_path), "--handler", "app.handler", "--format", "json")
    (function,) = json.loads(text)["functions"]
    assert "arn:aws:dynamodb:*:*:table/${TABLE}" in str(function["policy"])
    options = ["--handler", "app.handler", "--env", "TABLE=orders", "--format", "json"]
    (function,) = json.loads(printed(capsys, str(tmp_path), *options))["functions"]
    assert "arn:aws:dynamodb:*:*:table/orders" in str(function["policy"])
    assert function["unresolved"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], "does not exist"),
        ([".", "--function", "ordres"], "did you mean `orders`"),
        ([".", "--trail", "gone"], "`gone` does not exist"),
        (["src", "--handler", "app.handler", "--trail", "."], "`--trail` does not go with `--handler`"),
        ([".", "--env", "A=b"], "`--env` goes with `--handler`"),
        ([".", "--handler", "gone.handler"], "there is no source for the handler"),
        ([".", "--var", "x"], "gives nothing a value"),
        ([".", "--format", "yaml"], "the functions are of terraform"),
    ],
)
def test_what_is_wrong_is_said(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world(tmp_path, {"main.tf": MAIN, "src/app.py": SOURCE})
    monkeypatch.chdir(tmp_path)
    assert main(["policy", *arguments]) == 2
    assert words in re.sub(r"\s+", " ", capsys.readouterr().err)


def test_a_trail_beside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.needs.test_trail import event, written

    world(tmp_path / "p", {"main.tf": MAIN, "src/app.py": SOURCE})
    identity = {"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/orders-role/orders"}
    path = written(tmp_path / "t" / "a.json.gz", event("ListQueues", "sqs", userIdentity=identity))
    text = printed(capsys, str(tmp_path / "p"), "--trail", str(path), "--format", "json")
    (function,) = json.loads(text)["functions"]
    seen = next(one for one in function["needs"] if one["action"] == "sqs:ListQueues")
    assert seen["from"] == ["trail"]
    assert "was seen once" in seen["evidence"][0]["message"]
    assert any("no data events" in one for one in function["notes"])


def test_people_see_why_and_what_is_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = ['boto3.client("dynamodb").scan(TableName=event["table"])', 'boto3.client(event["x"]).go()']
    source = SOURCE + "".join(f"    {line}\n" for line in more)
    world(tmp_path, {"main.tf": MAIN})
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(source)
    assert main(["policy", str(tmp_path), "--explain"]) == 3
    text = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert "not resolved" in text
    assert "which table it is" in text
    assert "wider than it would have to be" in text
    assert "dynamodb:PutItem on ${aws_dynamodb_table.orders.arn} (certain)" in text


def test_inside_of_a_function_nothing_refers_to_it() -> None:
    name = Text(("log-group:/aws/lambda/", Ref("Worker", "FunctionName"), ":*"))
    assert yaml.scalar(name, "Worker") == '!Sub "log-group:/aws/lambda/${AWS::StackName}-Worker-*:*"'
    assert yaml.scalar(name) == '!Sub "log-group:/aws/lambda/${Worker}:*"'
    arn = Text((Ref("Worker", "Arn"),))
    assert yaml.scalar(arn, "Worker").endswith(':function:${AWS::StackName}-Worker-*"')
    assert yaml.scalar(arn) == "!GetAtt Worker.Arn"


def test_what_another_stack_has_is_written_out_in_a_template() -> None:
    shape = Text(
        ("arn:", Hole("partition"), ":sqs:", Hole("region"), ":", Hole("account"), ":q-", Hole("Stage"))
    )
    queue = Ref("stack.Queues.Q", "Arn", shape=shape)
    assert yaml.scalar(Text((queue, "/*"))) == (
        '!Sub "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:q-${Stage}/*"'
    )


def test_what_cloudformation_knows_of_itself_keeps_its_name() -> None:
    name = Text(("log-group:/aws/lambda/", Hole("AWS::StackName"), "-put-", Hole("Stage"), ":*"))
    assert yaml.scalar(name) == '!Sub "log-group:/aws/lambda/${AWS::StackName}-put-${Stage}:*"'


def test_what_the_cdk_made_is_called_as_in_its_template(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = {
        "Resources": {
            "Orders1A2B": {
                "Type": "AWS::Lambda::Function",
                "Metadata": {"aws:cdk:path": "Shop/Orders/Resource"},
                "Properties": {
                    "Runtime": "python3.13",
                    "Handler": "index.handler",
                    "Code": {
                        "ZipFile": "import boto3, os\n\ndef handler(event, context):\n"
                        "    boto3.client('dynamodb').scan(TableName=os.environ['TABLE'])\n"
                    },
                    "Role": {"Fn::GetAtt": ["Role3C4D", "Arn"]},
                    "Environment": {"Variables": {"TABLE": {"Ref": "Table5E6F"}}},
                },
            },
            "Role3C4D": {
                "Type": "AWS::IAM::Role",
                "Metadata": {"aws:cdk:path": "Shop/Role/Resource"},
                "Properties": {"AssumeRolePolicyDocument": {"Statement": []}},
            },
            "Table5E6F": {
                "Type": "AWS::DynamoDB::Table",
                "Metadata": {"aws:cdk:path": "Shop/Table/Resource"},
                "Properties": {},
            },
        }
    }
    (tmp_path / "shop.template.json").write_text(json.dumps(template))
    text = printed(capsys, str(tmp_path), "--format", "yaml")
    assert text.startswith("# what Shop/Orders/Resource needs\nOrders1A2BPolicy:\n")
    assert "- !Ref Role3C4D" in text and "Resource: !GetAtt Table5E6F.Arn" in text
    assert "${Orders1A2B}:*" in text and "Shop/" not in text.partition("\n")[2].replace(
        "Shop/Orders/Resource", ""
    )


SERVERLESS = """
service: shop
provider:
  name: aws
  runtime: python3.13
  region: eu-west-1
  environment:
    TABLE: orders-${opt:stage, self:provider.stage}
    TOPIC: arn:aws:sns:eu-west-1:1:news-${opt:stage, self:provider.stage}
functions:
  list:
    handler: app.handler
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties:
        TableName: ${self:provider.environment.TABLE}
"""


def test_a_name_that_is_known_in_part_is_that_of_what_is_called_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = """
import boto3, os

def handler(event, context):
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).scan()
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Message="x")
    boto3.client("lambda").invoke(FunctionName=context.function_name)
"""
    world(tmp_path, {"serverless.yml": SERVERLESS, "app.py": source})
    text = printed(capsys, str(tmp_path), "--format", "yaml")
    assert "Resource: !GetAtt Orders.Arn" in text
    assert "news-${opt:stage, self:provider.stage}" in text
    assert ":function:shop-" in text


def test_a_project_of_which_nothing_was_read_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main.tf").write_text('module "orders" {\n  source = "acme/lambda/aws"\n}\n')
    assert main(["policy", str(tmp_path)]) == 2
    text = re.sub(r"\s+", " ", capsys.readouterr().err)
    assert "no function in what was read" in text and "is not downloaded" in text


def test_why_the_environment_is_not_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unset = MAIN.replace("{ TABLE = aws_dynamodb_table.orders.name }", "var.settings")
    world(tmp_path / "unset", {"main.tf": unset + 'variable "settings" {}\n', "src/app.py": SOURCE})
    world(tmp_path / "set", {"main.tf": MAIN, "src/app.py": SOURCE})
    said = "what is in its environment is not known: "
    assert said + "variable `settings`" in printed(capsys, str(tmp_path / "unset"), "--format", "json")
    assert said not in printed(capsys, str(tmp_path / "set"), "--format", "json")


def test_source_in_place_of_a_package_that_is_built_first_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = MAIN.replace("data.archive_file.code.output_path", '"src/dist/code.zip"')
    for name, written in {"main.tf": text[text.index("resource") :], "src/app.py": SOURCE}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(written)
    said = "a build makes it of `src`, where its handler is"
    main(["policy", "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    assert document["functions"][0]["source"] == {"path": "src/app.py", "reason": None, "built": said}
    for options, words in (
        ([], f"the package itself is not there: {said}"),
        (["--explain"], f"the package itself is not there: {said}"),
        (["--format", "hcl"], f"# the package itself is not there: {said}".replace("`", "")),
    ):
        main(["policy", *options])
        assert words in " ".join(capsys.readouterr().out.split())
    (tmp_path / "main.tf").write_text(MAIN)
    main(["policy", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["functions"][0]["source"]["built"] is None


def test_what_another_stack_exports_is_imported_where_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
      Environment:
        Variables:
          TABLE: !ImportValue orders-table
          ORDERS_ARN: !ImportValue orders-topic-arn
          BUCKET: !ImportValue {"Fn::Sub": "${AWS::Region}-bucket"}
"""
    source = """
import os, boto3
def handler(event, context):
    boto3.client("dynamodb").get_item(TableName=os.environ["TABLE"], Key={})
    boto3.client("sns").publish(TopicArn=os.environ["ORDERS_ARN"], Message="")
    boto3.client("s3").list_objects_v2(Bucket=os.environ["BUCKET"])
"""
    (tmp_path / "src").mkdir()
    (tmp_path / "template.yaml").write_text(template, "utf-8")
    (tmp_path / "src" / "app.py").write_text(source, "utf-8")
    shown = printed(capsys, str(tmp_path), "--format", "yaml")
    assert 'table/${Import1}", {Import1: !ImportValue "orders-table"}]' in shown
    assert 'Resource: !ImportValue "orders-topic-arn"' in shown
    assert '{Import1: {"Fn::ImportValue": !Sub "${AWS::Region}-bucket"}}]' in shown
