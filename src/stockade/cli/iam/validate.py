"""``stockade iam validate``: what IAM Access Analyzer's policy validation says of documents, offline."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from stockade.cli.options import COLOR, written_as
from stockade.cli.outside import Outside

if TYPE_CHECKING:
    from stockade.cli.iam.documents import Documents, Use
    from stockade.cli.iam.validated import Validated

FAILING = 1

_EPILOG = """\b
Examples:
  stockade iam validate policy.json
  stockade iam validate --resource-type AWS::SQS::Queue queue-policy.json
  aws iam get-role --role-name worker | stockade iam validate -
  stockade iam validate --fail-on security-warning account.json
  stockade iam validate --format json policy.json | jq '.findings[].code'

\b
Exit status:
  0  nothing at or above --fail-on
  1  something
  2  the command was wrong, or a file cannot be read
"""

_RESOURCE_TYPES = (
    "AWS::DynamoDB::Table",
    "AWS::EFS::FileSystem",
    "AWS::Events::EventBus",
    "AWS::IAM::AssumeRolePolicyDocument",
    "AWS::KMS::Key",
    "AWS::Lambda::Function",
    "AWS::S3::AccessPoint",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
)
"""Those of ``stockade.iam.validate.resource_types``, which is imported when the command runs."""


@click.command(epilog=_EPILOG, short_help="Check policies for mistakes, as IAM Access Analyzer does.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--type",
    "use",
    type=click.Choice(["identity", "resource", "trust", "scp", "rcp"]),
    help="What bare documents are for.  [default: by their content]",
)
@click.option(
    "--resource-type",
    type=click.Choice(_RESOURCE_TYPES),
    metavar="TYPE",
    help="What resource-based policies are on, as AWS::Lambda::Function.",
)
@written_as("terminal", "json")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "security-warning", "warning", "suggestion"]),
    default="error",
    show_default=True,
    help="The least type of finding that makes the exit status 1.",
)
@COLOR
@click.pass_obj
def command(
    outside: Outside,
    files: tuple[str, ...],
    use: Use | None,
    resource_type: str | None,
    shape: str,
    fail_on: str,
    color: str,
) -> int:
    """Say of each policy in each FILE what IAM Access Analyzer says, by its codes; `-` reads standard input.

    A FILE holds a policy document, or what AWS's commands print of one, of a role, or of a whole
    account. Nothing is sent anywhere.
    """
    from stockade.cli.iam import documents, validated
    from stockade.iam.validate import Type

    if resource_type == "AWS::IAM::AssumeRolePolicyDocument":
        use = use or "trust"
    elif resource_type:
        use = use or "resource"
    read = documents.read(files, outside.here, sys.stdin.buffer, use)
    found = _validated(read, resource_type or "")
    if shape == "json":
        click.echo(validated.as_json(found), nl=False)
    else:
        validated.show(found, outside.console(sys.stdout, color))
    worst = max((one.finding.type for one in found.findings), default=None)
    return FAILING if worst is not None and worst >= Type[fail_on.replace("-", "_").upper()] else 0


def _validated(read: Documents, resource_type: str) -> Validated:
    from stockade.cli.iam.validated import validated

    return validated(read, resource_type)
