"""``stockade iam can``: what comes of one request, by every policy that applies to it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from stockade.cli.options import COLOR, written_as
from stockade.cli.outside import Outside
from stockade.cli.page import Page
from stockade.errors import UsageError

if TYPE_CHECKING:
    from stockade.cli.iam.documents import Documents
    from stockade.iam.decide import Decision
    from stockade.iam.policy import Document
    from stockade.value import Known, Value

_EPILOG = """\b
Examples:
  stockade iam can role.json --boundary limit.json --action iam:CreateUser
  stockade iam can policy.json --action s3:GetObject \\
      --resource arn:aws:s3:::shop/orders.csv
  stockade iam can bucket.json --principal 210987654321 \\
      --action s3:GetObject --resource arn:aws:s3:::shop/a
  stockade iam can account.json --action kms:Decrypt \\
      --principal arn:aws:iam::123456789012:role/worker \\
      --resource arn:aws:kms:eu-west-1:123456789012:key/1 \\
      --context kms:ViaService=s3.eu-west-1.amazonaws.com

\b
Exit status:
  0  ALLOW     2  the command was wrong, or a file cannot be read
  1  DENY      3  UNDECIDED
"""


@click.command(cls=Page, epilog=_EPILOG, short_help="Decide one request, and say by which statements.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--principal", metavar="WHO", help="An ARN, an account, a service; `*` without credentials.")
@click.option("--action", required=True, metavar="ACTION", help="As `s3:GetObject`.")
@click.option("--resource", default="*", show_default=True, metavar="ARN", help="What it is asked for.")
@click.option("--context", "pairs", multiple=True, metavar="KEY=VALUE", help="A context key; `KEY=` is absent.")
@click.option("--complete", is_flag=True, help="The request has no other context keys than those given.")
@click.option("--account", default="", metavar="ID", help="Whose the resource is, where its ARN does not say.")
@click.option("--resource-policy", "resource_policy", metavar="FILE", help="The policy of the resource.")
@click.option("--boundary", metavar="FILE", help="The permissions boundary.")
@click.option("--session", "sessions", multiple=True, metavar="FILE", help="Session policies.")
@click.option("--scp", "scps", multiple=True, metavar="FILE", help="A level of service control policies.")
@click.option("--rcp", "rcps", multiple=True, metavar="FILE", help="A level of resource control policies.")
@written_as("terminal", "json")
@COLOR
@click.pass_obj
def command(
    outside: Outside,
    files: tuple[str, ...],
    principal: str | None,
    action: str,
    resource: str,
    pairs: tuple[str, ...],
    complete: bool,
    account: str,
    resource_policy: str | None,
    boundary: str | None,
    sessions: tuple[str, ...],
    scps: tuple[str, ...],
    rcps: tuple[str, ...],
    shape: str,
    color: str,
) -> int:
    """Say whether a request is allowed by the policies in each FILE; `-` reads standard input.

    Identity-based policies are the caller's own; one with principals is the resource's. Of a whole
    account those of the principal are taken. Context keys that are not given are not known.
    """
    from stockade.cli.iam import asked
    from stockade.iam.decide import Access, Answer
    from stockade.iam.request import Request, caller

    def level(name: str) -> list[Known[Document]]:
        return asked.documents(asked.given([name], outside).documents)

    found = asked.given(files, outside)
    own, of_resource, bound = _applying(found, principal)
    access = Access(
        own,
        resource=level(resource_policy)[0] if resource_policy else of_resource,
        account=account,
        boundary=level(boundary)[0] if boundary else bound,
        session=[one for name in sessions for one in level(name)] if sessions else None,
        scps=[level(name) for name in scps],
        rcps=[level(name) for name in rcps],
    )
    who = caller(principal) if principal else None
    request = Request(who, action, resource, asked.context_of(pairs), complete=complete)
    decision = access.decide(request)
    status = {Answer.ALLOW: 0, Answer.DENY: 1, Answer.UNDECIDED: 3}[decision.answer]
    if shape == "json":
        document = {
            "schema": "stockade.iam.can/1",
            **asked.decision_fields(decision),
            "request": request.fields(),
        }
        click.echo(asked.dump(document), nl=False)
        return status
    _show(outside, decision, color)
    return status


def _show(outside: Outside, decision: Decision, color: str) -> None:
    """The answer, the statements it hangs on, and what was not known or taken for given."""
    from stockade.cli.iam import asked
    from stockade.iam.decide import Answer
    from stockade.show.paper import Paper

    paper = Paper(outside.console(sys.stdout, color))
    style = {Answer.ALLOW: "bold green", Answer.DENY: "bold red", Answer.UNDECIDED: "bold yellow"}
    paper.prose((decision.answer.value, style[decision.answer]), f": {decision.reason}", hang=2)
    asked.show_statements(paper, decision.deciding)
    for text in decision.undecided:
        paper.prose(text, indent=4, lead=("= open  ", "dim"))
    for text in decision.assumptions:
        paper.prose(text, indent=4, lead=("= given ", "dim"))


def _applying(
    found: Documents, principal: str | None
) -> tuple[Sequence[Value[Document]] | None, Value[Document] | None, Value[Document] | None]:
    """The caller's own policies, the resource's and the boundary among what was read.

    ``None`` for the caller's own where only the resource's are there: they are not known.
    """
    from stockade.cli.iam import asked, principals

    for account in found.accounts:
        for one in principals.owners(account):
            if one.arn == principal:
                return one.policies, None, one.boundary
        arns = [one.arn for one in principals.owners(account)]
        near = get_close_matches(principal or "", arns, 1, 0.5)
        help = f"did you mean `{near[0]}`?" if near else "`--principal` names a user or role of the account"
        raise UsageError(
            f"no user or role `{principal}` in the account" if principal else "no principal", help=help
        )
    own = asked.documents(one for one in found.documents if one.use == "identity")
    theirs = asked.documents(one for one in found.documents if one.use in ("resource", "trust"))
    bound = asked.documents(one for one in found.documents if one.use == "boundary")
    if len(theirs) > 1:
        raise UsageError("several resource-based policies", help="a request is for one resource")
    return own or (None if theirs else []), theirs[0] if theirs else None, bound[0] if bound else None
