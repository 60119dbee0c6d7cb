"""``stockade iam who-can``: everybody who can do something, by their own policies or the resource's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from stockade.cli.options import COLOR, written_as
from stockade.cli.outside import Outside
from stockade.records import dataclass

if TYPE_CHECKING:
    from stockade.cli.iam.documents import Documents
    from stockade.iam.policy import Document
    from stockade.iam.symbolic import Finding
    from stockade.value import Known

_EPILOG = """\b
Examples:
  aws iam get-account-authorization-details > account.json
  stockade iam who-can account.json --action iam:CreateUser
  stockade iam who-can account.json queue-policy.json \\
      --action sqs:SendMessage \\
      --resource arn:aws:sqs:eu-west-1:123456789012:orders
  stockade iam who-can bucket-policy.json --action s3:GetObject

\b
Exit status:
  0  answered
  2  the command was wrong, or a file cannot be read
  3  some of it is undecided
"""


@dataclass(frozen=True, slots=True)
class Able:
    """Somebody, and whether there is a request of theirs that gets through."""

    name: str
    found: Finding


@click.command(epilog=_EPILOG, short_help="List everybody who can do something, each with a request.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--action", required=True, metavar="ACTION", help="An action, or a glob: any of them.")
@click.option("--resource", default="*", show_default=True, metavar="ARN", help="A resource, or a glob: any.")
@click.option("--context", "pairs", multiple=True, metavar="KEY=VALUE", help="A context key; `KEY=` is absent.")
@click.option("--all", "everybody", is_flag=True, help="List those who cannot, too.")
@written_as("terminal", "json")
@COLOR
@click.pass_obj
def command(
    outside: Outside,
    files: tuple[str, ...],
    action: str,
    resource: str,
    pairs: tuple[str, ...],
    everybody: bool,
    shape: str,
    color: str,
) -> int:
    """List who can do ACTION on ARN: users and roles of an account, and whom resource-based policies let in.

    Context keys that are not given may be anything: the request that is shown says what they have to be.
    """
    from stockade.cli.iam import asked
    from stockade.iam.symbolic import Proved, Undecided, Witness

    found = list(_able(asked.given(files, outside), action, resource, asked.context_of(pairs)))
    shown = [one for one in found if everybody or not isinstance(one.found, Proved)]
    status = asked.UNDECIDED if any(isinstance(one.found, Undecided) for one in found) else 0
    if shape == "json":
        document = {
            "schema": "stockade.iam.who-can/1",
            "action": action,
            "resource": resource,
            "asked": len(found),
            "principals": [{"principal": one.name, **asked.finding_fields(one.found)} for one in shown],
        }
        click.echo(asked.dump(document), nl=False)
        return status
    from stockade.show.paper import Paper

    paper = Paper(outside.console(sys.stdout, color))
    for one in shown:
        paper.line((one.name, "bold"))
        asked.show_finding(paper, one.found, {"proved": "cannot", "witness": "can"})
    able = sum(isinstance(one.found, Witness) for one in found)
    paper.prose((f"{able:,} of {len(found):,} can", "dim"))
    return status


def _able(given: Documents, action: str, resource: str, context: dict[str, object]) -> Iterator[Able]:
    from stockade.cli.iam import asked, principals
    from stockade.iam.request import caller
    from stockade.iam.symbolic import ever_allows

    theirs = asked.documents(
        one for one in given.documents if one.use in ("resource", "trust") and not given.accounts
    )
    for account in given.accounts:
        for one in principals.owners(account):
            who = caller(one.arn) if one.arn.startswith("arn:") else None
            yield Able(one.arn, ever_allows(one.access(), (action,), (resource,), context=context, caller=who))
    yield from _let_in(theirs, action, resource, context)
    for named in given.documents if not given.accounts else ():
        if named.use == "identity":
            name = named.owner or named.name or f"whoever has {named.source.path}"
            yield Able(name, ever_allows(asked.documents([named]), (action,), (resource,), context=context))


def _let_in(
    theirs: list[Known[Document]], action: str, resource: str, context: dict[str, object]
) -> Iterator[Able]:
    """Whom resource-based policies let in: one caller of every kind that they tell apart."""
    from stockade.iam.automaton import Budget
    from stockade.iam.callers import callers
    from stockade.iam.clauses import clauses
    from stockade.iam.policies import Policies
    from stockade.iam.symbolic import STEPS, Proved, ever_allows

    if not theirs:
        return
    policies = Policies(theirs)
    statements = [*clauses(policies, allow=True, upper=True), *clauses(policies, allow=False, upper=False)]
    # Roles, users and the root user of an account are mostly let in alike.
    found: dict[str, Able] = {}
    for who in callers(statements, Budget(STEPS)):
        if who is not None:
            able = Able(who.said(), ever_allows(theirs, (action,), (resource,), context=context, caller=who))
            if isinstance(found.setdefault(able.name, able).found, Proved):
                found[able.name] = able
    yield from found.values()
