"""``stockade iam diff``: whether a policy allows anything that another one did not, proved or shown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from stockade.cli.options import COLOR, written_as
from stockade.cli.outside import Outside

if TYPE_CHECKING:
    from stockade.cli.iam.documents import Documents
    from stockade.iam.decide import Access
    from stockade.iam.symbolic import Finding

_EPILOG = """\b
Examples:
  stockade iam diff old.json new.json
  git show main:policy.json | stockade iam diff - policy.json --format json
  stockade iam diff before.json after.json   the authorization details twice

\b
Exit status:
  0  proved: no new access
  1  new access, with a request that shows it
  2  the command was wrong, or a file cannot be read
  3  undecided
"""


@click.command(epilog=_EPILOG, short_help="Prove that a policy allows nothing new, or show what.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@written_as("terminal", "json")
@COLOR
@click.pass_obj
def command(outside: Outside, old: str, new: str, shape: str, color: str) -> int:
    """Say whether NEW allows any request that OLD did not; either may be `-` for standard input.

    Each holds policies of one kind, or a whole account, of which every user and role is compared.
    """
    from stockade.cli.iam import asked
    from stockade.iam.symbolic import no_wider_than

    before, after = _accesses(asked.given([old], outside)), _accesses(asked.given([new], outside))
    found: dict[str, Finding] = {}
    for name, access in after.items():
        found[name] = no_wider_than(access, before.get(name, []))
    status = asked.status_of(found.values())
    if shape == "json":
        click.echo(asked.dump(_document(found)), nl=False)
        return status
    from stockade.show.paper import Paper

    paper = Paper(outside.console(sys.stdout, color))
    headings = {"proved": "no new access", "witness": "new access"}
    for name, one in found.items():
        if len(found) > 1:
            paper.line((name, "bold"))
        asked.show_finding(paper, one, headings)
    return status


def _accesses(given: Documents) -> dict[str, Any]:
    """What is compared, by its owner: documents by themselves, users and roles with all that applies."""
    from stockade.cli.iam import asked, principals

    out: dict[str, Access | list[Any]] = {}
    if given.accounts:
        for account in given.accounts:
            for one in principals.owners(account):
                out[one.arn] = one.access()
                if one.trust is not None:
                    out[f"who may assume {one.arn}"] = [one.trust]
        return out
    for named in given.documents:
        known = out.setdefault("", [])
        if isinstance(known, list):
            known += asked.documents([named])
    return out


def _document(found: dict[str, Finding]) -> dict[str, Any]:
    """One answer as the first that counts; with several owners each has its own beside it."""
    from stockade.cli.iam import asked
    from stockade.iam.symbolic import Proved, Witness

    def weight(one: Finding) -> int:
        return 0 if isinstance(one, Witness) else 2 if isinstance(one, Proved) else 1

    worst = min(found.values(), key=weight)
    out = {"schema": "stockade.iam.diff/1", **asked.finding_fields(worst)}
    if len(found) > 1:
        out["owners"] = {name: asked.finding_fields(one) for name, one in found.items()}
    return out
