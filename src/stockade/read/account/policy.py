"""The policy that a reader of live accounts needs, written from the calls that it makes.

Everything in it reads. What IAM Access Analyzer is asked, where that is asked for, is a statement of its own,
to be left out otherwise. Listing an organisation's accounts and assuming a role in them is for whoever begins,
who may be somebody else: that is not in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from stockade.read.account import analyzer, packages, session
from stockade.read.account.calls import Call
from stockade.read.account.collectors import calls


def every() -> tuple[Call, ...]:
    """All calls that a scan may make, each once."""
    found = [one for those in calls().values() for one in those]
    return tuple(dict.fromkeys((*found, *packages.CALLS, *analyzer.CALLS, *session.CALLS)))


def actions() -> tuple[str, ...]:
    """What a scan of one account needs, in order; asking whose credentials they are needs no permission."""
    found = {action for those in calls().values() for one in those for action in one.allowed_by}
    return tuple(sorted(found | {action for one in packages.CALLS for action in one.allowed_by}))


def optional() -> tuple[str, ...]:
    """What `--access-analyzer` needs beside that."""
    return tuple(sorted({action for one in analyzer.CALLS for action in one.allowed_by}))


STATEMENTS: Final[tuple[tuple[str, Callable[[], Iterable[str]]], ...]] = (
    ("StockadeReads", actions),
    ("StockadeAsksAccessAnalyzer", optional),
)
"""Names of statements and what is in them; the second is for `--access-analyzer` alone."""


def document() -> dict[str, Any]:
    """The policy as IAM takes it."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": name, "Effect": "Allow", "Action": list(listed()), "Resource": "*"}
            for name, listed in STATEMENTS
        ],
    }


def as_json() -> str:
    """The policy as JSON."""
    return json.dumps(document(), indent=2) + "\n"


def as_terraform() -> str:
    """The policy as a resource of Terraform."""
    statements = "".join(_in_terraform(*one) for one in STATEMENTS)
    return f"""\
resource "aws_iam_policy" "stockade" {{
  name        = "stockade-reader"
  description = "What a scan by Stockade asks; all of it reads."

  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
{statements}    ]
  }})
}}
"""


def _in_terraform(name: str, listed: Callable[[], Iterable[str]]) -> str:
    lines = "\n".join(f'          "{one}",' for one in listed())
    return f"""\
      {{
        Sid    = "{name}"
        Effect = "Allow"
        Action = [
{lines}
        ]
        Resource = "*"
      }},
"""


def as_cloudformation() -> str:
    """The policy as a resource of CloudFormation."""
    statements = "".join(_in_cloudformation(*one) for one in STATEMENTS)
    return f"""\
Resources:
  StockadeReader:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: stockade-reader
      Description: What a scan by Stockade asks; all of it reads.
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
{statements}"""


def _in_cloudformation(name: str, listed: Callable[[], Iterable[str]]) -> str:
    lines = "\n".join(f"              - {one}" for one in listed())
    return f"""\
          - Sid: {name}
            Effect: Allow
            Action:
{lines}
            Resource: "*"
"""


def table() -> Iterable[tuple[str, str, str]]:
    """Every call with what it tells and the quota that it spends, for the documentation."""
    told: dict[str, list[Call]] = {}
    for one in every():
        told.setdefault(one.name, []).append(one)
    for name, those in sorted(told.items()):
        tells = "; ".join(dict.fromkeys(one.tells for one in those))
        yield name, tells, f"{those[0].quota.name}, {those[0].quota.rate:g} a second"
