"""``stockade iam public``: whether a resource-based policy lets in anybody from outside, and how."""

from __future__ import annotations

import sys

import click

from stockade.cli.options import COLOR, written_as
from stockade.cli.outside import Outside

_EPILOG = """\b
Examples:
  aws lambda get-policy --function-name orders | stockade iam public -
  stockade iam public bucket-policy.json --action s3:GetObject
  stockade iam public trust.json --account 123456789012

\b
Exit status:
  0  proved: nobody from outside
  1  somebody, with a request that shows it
  2  the command was wrong, or a file cannot be read
  3  undecided
"""


@click.command(epilog=_EPILOG, short_help="Prove that a policy is not public, or show who gets in.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--action", "actions", multiple=True, metavar="ACTION", help="Only these (globs).")
@click.option("--resource", "resources", multiple=True, metavar="ARN", help="Only on these (globs).")
@click.option("--account", "accounts", multiple=True, metavar="ID", help="Accounts to trust, and no others.")
@click.option("--organization", "organizations", multiple=True, metavar="ID", help="Organizations to trust.")
@written_as("terminal", "json")
@COLOR
@click.pass_obj
def command(
    outside: Outside,
    files: tuple[str, ...],
    actions: tuple[str, ...],
    resources: tuple[str, ...],
    accounts: tuple[str, ...],
    organizations: tuple[str, ...],
    shape: str,
    color: str,
) -> int:
    """Say of each resource-based or trust policy in each FILE whether strangers get in; `-` is stdin.

    By default everybody is trusted whom a policy names: what is left is the public. With accounts or
    organizations only these are.
    """
    from stockade.cli.iam import asked
    from stockade.iam.symbolic import can_anyone
    from stockade.iam.zones import PUBLIC, TrustZone

    zone = TrustZone(frozenset(accounts), frozenset(organizations)) if accounts or organizations else PUBLIC
    given = asked.given(files, outside)
    named = [one for one in given.documents if one.use in ("resource", "trust")]
    if not named:
        from stockade.errors import UsageError

        help = "a policy without principals is for whoever it is attached to; `iam diff` and `iam can` take it"
        raise UsageError(f"no resource-based policy in `{files[0]}`", help=help)
    found = [
        can_anyone(asked.documents([one]), actions or ("*",), resources or ("*",), outside=zone)
        for one in named
    ]
    status = asked.status_of(found)
    if shape == "json":
        entries = [
            {"document": one.name, "path": one.source.path, **asked.finding_fields(answer)}
            for one, answer in zip(named, found, strict=True)
        ]
        worst = next(
            entry for entry, one in zip(entries, found, strict=True) if asked.status_of([one]) == status
        )
        summary = {key: worst[key] for key in ("answer", "witness", "reason")}
        click.echo(asked.dump({"schema": "stockade.iam.public/1", **summary, "documents": entries}), nl=False)
        return status
    from stockade.show.paper import Paper

    paper = Paper(outside.console(sys.stdout, color))
    for one, answer in zip(named, found, strict=True):
        if len(named) > 1:
            paper.line((one.name or one.source.path, "bold"))
        asked.show_finding(paper, answer, {"proved": "not public", "witness": "public"})
    return status
