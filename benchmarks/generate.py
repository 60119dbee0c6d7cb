"""Writes a Terraform project of any number of Lambda functions, as large projects look.

Every function has a role, an inline policy (by turns ``jsonencode``, a heredoc, or an
``aws_iam_policy_document``), a log group, an invoke permission and its own quirks, about 44 lines in
all, a hundred functions to a file. The same number gives the same bytes.

    python benchmarks/generate.py 1000 some/folder
"""

from __future__ import annotations

import sys
from pathlib import Path

PER_FILE = 100

SHARED = """\
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }
}

variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "stage" {
  type    = string
  default = "prod"
}

locals {
  prefix = "shop-${var.stage}"
  tags = {
    Project = "shop"
    Stage   = var.stage
  }
}

data "aws_caller_identity" "current" {}

resource "aws_apigatewayv2_api" "main" {
  name          = local.prefix
  protocol_type = "HTTP"
}

resource "aws_sns_topic" "alerts" {
  name = "${local.prefix}-alerts"
}
"""

ROLE = """
resource "aws_iam_role" "{name}" {{
  name = "shop-${{var.stage}}-{dashed}"
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}
"""  # noqa: E501 - terraform fmt wraps nothing, and projects have such lines

POLICY_JSONENCODE = """
resource "aws_iam_role_policy" "{name}" {{
  role = aws_iam_role.{name}.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{ Effect = "Allow", Action = "logs:PutLogEvents", Resource = "${{aws_cloudwatch_log_group.{name}.arn}}:*" }},
      {{ Effect = "Allow", Action = {actions}, Resource = "{resource}" }},
    ]
  }})
}}
"""  # noqa: E501 - likewise

POLICY_HEREDOC = """
resource "aws_iam_role_policy" "{name}" {{
  role   = aws_iam_role.{name}.id
  policy = <<-EOT
    {{
      "Version": "2012-10-17",
      "Statement": [
        {{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}},
        {{"Effect": "Allow", "Action": {actions}, "Resource": "{resource}"}}
      ]
    }}
  EOT
}}
"""

POLICY_DOCUMENT = """
data "aws_iam_policy_document" "{name}" {{
  statement {{
    actions   = {actions}
    resources = ["{resource}"]
  }}
}}

resource "aws_iam_role_policy" "{name}" {{
  role   = aws_iam_role.{name}.id
  policy = data.aws_iam_policy_document.{name}.json
}}
"""

FUNCTION = """
resource "aws_cloudwatch_log_group" "{name}" {{
  name = "/aws/lambda/shop-${{var.stage}}-{dashed}"
}}

resource "aws_lambda_function" "{name}" {{
  function_name = "shop-${{var.stage}}-{dashed}"
  role          = aws_iam_role.{name}.arn
  runtime       = "{runtime}"
  handler       = "main.handler"
  filename      = "build/{dashed}.zip"{quirk}

  environment {{
    variables = {{ STAGE = var.stage, QUEUE = "{dashed}" }}
  }}
}}

resource "aws_lambda_permission" "{name}" {{
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.{name}.function_name{caller}
}}
"""

DOMAINS = ("orders", "payments", "stock", "search", "mail", "reports", "users", "returns")
POLICIES = (POLICY_JSONENCODE, POLICY_HEREDOC, POLICY_DOCUMENT)
RUNTIMES = ("python3.13", "nodejs22.x", "python3.12", "python3.8", "java21")
GRANTS = (
    ('["dynamodb:GetItem", "dynamodb:PutItem"]', "arn:aws:dynamodb:eu-west-1:123456789012:table/{dashed}"),
    ('["s3:GetObject"]', "arn:aws:s3:::shop-{dashed}/*"),
    ('["sqs:SendMessage"]', "arn:aws:sqs:eu-west-1:123456789012:{dashed}"),
    ('["secretsmanager:GetSecretValue"]', "*"),
    ('["s3:*"]', "arn:aws:s3:::shop-{dashed}/*"),
    ('["kms:Decrypt"]', "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d"),
    ('["dynamodb:Query"]', "arn:aws:dynamodb:eu-west-1:123456789012:table/{dashed}/index/*"),
)
QUIRKS = (
    '\n\n  tracing_config {\n    mode = "Active"\n  }',
    "\n  memory_size   = 512\n  timeout       = 15",
    "\n\n  reserved_concurrent_executions = 20",
    "",
)
CALLERS = (
    """
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.main.execution_arn}/*/*\"""",
    """
  principal     = "apigateway.amazonaws.com"
  statement_id  = "AllowApi\"""",
    """
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::shop-uploads"

  source_account = data.aws_caller_identity.current.account_id""",
    """
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:eu-west-1:123456789012:rule/nightly\"""",
)


def function(number: int) -> str:
    """The resources of one function. The cycles' lengths share no factor, so that combinations vary."""
    name = f"{DOMAINS[number % len(DOMAINS)]}_{number:05d}"
    dashed = name.replace("_", "-")
    actions, resource = GRANTS[number % len(GRANTS)]
    return (ROLE + POLICIES[number % len(POLICIES)] + FUNCTION).format(
        name=name,
        dashed=dashed,
        actions=actions,
        resource=resource.format(dashed=dashed),
        runtime=RUNTIMES[number % len(RUNTIMES)],
        quirk=QUIRKS[number // 2 % len(QUIRKS)],
        caller=CALLERS[number % len(CALLERS)],
    )


def generate(count: int, directory: Path, *, by_local: bool = False) -> int:
    """Write a project of ``count`` functions into ``directory``; the number of lines written.

    Names are made with ``var.stage``, or all with one local that has it in its turn, where ``by_local``.
    """
    directory.mkdir(parents=True, exist_ok=True)
    texts = {"main.tf": SHARED}
    for start in range(0, count, PER_FILE):
        numbers = range(start, min(start + PER_FILE, count))
        text = "".join(map(function, numbers)).lstrip()
        if by_local:
            text = text.replace("shop-${var.stage}-", "${local.prefix}-")
        texts[f"functions_{start // PER_FILE:03d}.tf"] = text
    for name, text in texts.items():
        (directory / name).write_text(text)
    return sum(text.count("\n") for text in texts.values())


if __name__ == "__main__":
    print(generate(int(sys.argv[1]), Path(sys.argv[2])), "lines")
