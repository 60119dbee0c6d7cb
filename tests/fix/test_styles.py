"""A project in another style is fixed as the same project in the usual one is, in its own style."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from stockade.control import Noise, Safety
from stockade.controls import load
from stockade.fix.patch import Asked, patch
from stockade.patched import Outcome
from stockade.read.inputs import Options, read_all
from stockade.scan import scan

JUDGE = partial(scan, controls=load(), at="2026-11-23T00:00:00Z", noise=Noise.STRICT)

TERRAFORM = """\
# Orders, as the shop has them.
resource "aws_iam_role" "orders" {
  name               = "orders" /* nobody else's */
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "orders" {
  name   = "logs"
  role   = aws_iam_role.orders.id
  policy = <<-EOF
    {
      "Version": "2012-10-17",
      "Statement": [
        { "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*" },
        {
          "Effect": "Allow",
          "Action": "xray:PutTraceSegments",
          "Resource": "*"
        }
      ]
    }
  EOF
}

resource "aws_lambda_function" "orders" {
  function_name = "orders" # what people call it
  role          = aws_iam_role.orders.arn
  // the code
  filename      = "orders.zip"
  handler       = "main.handler"
  runtime       = "python3.8"     # since 2019

  environment {
    variables = {
      TABLE = "orders" # änderbar
    }
  }
  # the last word
}
"""

SAM = """\
# Orders, as the shop has them.
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function # what people call it
    Properties:
      CodeUri: src/
      Handler: main.handler
      # since 2019
      Runtime: python3.8
      Policies:
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: [logs:PutLogEvents, logs:CreateLogStream]
              Resource: "*"
      Environment:
        Variables:
          TABLE: orders   # änderbar
"""

TEMPLATE = {
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "sts:AssumeRole",
                            "Principal": {"Service": "lambda.amazonaws.com"},
                        }
                    ],
                }
            },
        },
        "Orders": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": "orders",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Runtime": "python3.8",
                "Handler": "main.handler",
                "Code": {"ZipFile": "def handler(event, context): pass"},
            },
        },
    }
}
IN_JSON = {
    "resource": {
        "aws_lambda_function": {
            "orders": {
                "function_name": "orders",
                "role": "arn:aws:iam::123456789012:role/orders",
                "runtime": "python3.8",
                "handler": "main.handler",
            }
        }
    }
}


def fixed(directory: Path, name: str, text: str) -> str:
    """Everything fixed that can be, in a project of one file."""
    (directory / name).write_bytes(text.encode())
    read = list(read_all([directory], Options(directory, {}, [], {}), lambda done, total, text: None))
    made = patch(read, JUDGE, Asked(Safety.REVIEW))
    assert Outcome.DEFECT not in {one.outcome for one in made.told}
    (file,) = made.files
    return file.new.decode()


def windows(text: str) -> str:
    return text.replace("\n", "\r\n")


def unfinished(text: str) -> str:
    return text.removesuffix("\n")


@pytest.mark.parametrize("style", [windows, unfinished])
@pytest.mark.parametrize(("name", "text"), [("main.tf", TERRAFORM), ("template.yaml", SAM)])
def test_line_ends_stay(tmp_path: Path, name: str, text: str, style: Callable[[str], str]) -> None:
    plain = fixed(tmp_path, name, text)
    assert plain != text
    assert fixed(tmp_path, name, style(text)) == style(plain)


@pytest.mark.parametrize(("name", "text"), [("main.tf", TERRAFORM), ("template.yaml", SAM)])
def test_every_comment_stays(tmp_path: Path, name: str, text: str) -> None:
    after = fixed(tmp_path, name, text)
    comments = [line[line.index(sign) :] for line in text.split("\n") for sign in ("#", "//") if sign in line]
    assert len(comments) >= 4
    assert [one for one in comments if one not in after] == []


def test_tabs_stay(tmp_path: Path) -> None:
    """What stands in a block that is indented by tabs comes in by tabs."""
    text = TERRAFORM.replace("    ", "\t\t").replace("\n  ", "\n\t")
    added = [line for line in fixed(tmp_path, "main.tf", text).split("\n") if "reserved_concurrent" in line]
    assert added
    assert all(line.startswith("\t") for line in added)


@pytest.mark.parametrize("indent", [1, 2, 3, 4, 8, "\t", None])
@pytest.mark.parametrize(("name", "content"), [("template.json", TEMPLATE), ("main.tf.json", IN_JSON)])
def test_json_keeps_its_indentation(
    tmp_path: Path, name: str, content: dict[str, object], indent: int | str | None
) -> None:
    text = json.dumps(content, indent=indent) + "\n"
    after = fixed(tmp_path, name, text)
    assert after != text
    unit = " " * indent if isinstance(indent, int) else indent
    if unit is None:
        assert after.count("\n") == 1
        return
    for line in after.split("\n"):
        lead = line[: len(line) - len(line.lstrip())]
        assert lead == unit * (len(lead) // len(unit))
    kept = [line.rstrip(",") for line in text.split("\n")]
    lines = iter(line.rstrip(",") for line in after.split("\n"))
    missing = [one for one in kept if '"python3.8"' not in one and one not in lines]
    assert missing == []
