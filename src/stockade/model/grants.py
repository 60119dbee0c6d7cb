"""What controls over grants have in common: which statements to judge, and where to point."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from stockade.iam.policy import Statement
from stockade.model.function import Function
from stockade.model.role import Grant
from stockade.model.world import World
from stockade.value import Known, Origin, Unknown


def allowing(grant: Grant) -> Statement | Unknown | None:
    """A grant's statement where it allows; ``None`` for a Deny, ``Unknown`` where that cannot be told."""
    match grant.statement:
        case Unknown() as gap:
            return gap
        case Known(statement):
            if isinstance(statement.effect, Unknown):
                return statement.effect
            return statement if statement.allows else None


def is_aws_managed(grant: Grant) -> bool:
    """Whether the policy is one that AWS keeps, so that only attaching it is the owner's doing."""
    return grant.policy is not None and grant.policy.kind == "aws"


def policy_name(grant: Grant) -> str:
    """The name of the policy for a message; empty where it has none that is known."""
    name = grant.policy.name if grant.policy else None
    return name.value if isinstance(name, Known) else ""


def speaks(grant: Grant, rank: Callable[[Statement], int | None]) -> bool:
    """Whether a finding on this grant is the one for its policy.

    One of AWS's is one finding however many of its statements are wrong: that of the first with the
    highest ``rank``. ``None`` is no finding.
    """
    if grant.policy is None or not is_aws_managed(grant):
        return True
    match grant.policy.document, grant.statement:
        case Known(document), Known(statement):
            ranks = ((rank(one), -one.index) for one in document.statements if isinstance(one, Statement))
            return max((found, index) for found, index in ranks if found is not None)[1] == -statement.index
    return True


def place(grant: Grant, origin: Origin) -> Origin:
    """Where to point for an element of a grant: for a policy of AWS's where it is attached."""
    return grant.policy.arn.origin if grant.policy and is_aws_managed(grant) else origin


def denials(grant: Grant, world: World) -> tuple[Statement, ...]:
    """The Deny statements of the role that a grant belongs to."""
    functions = world.functions_of(grant)
    statements = (one.statement for one in (world.grants_of(functions[0]) if functions else ()))
    return tuple(one.value for one in statements if isinstance(one, Known) and one.value.allows is False)


def affected(grant: Grant, world: World) -> tuple[Function, ...]:
    """The functions that a grant's policy is for: on several roles, those of all of them."""
    policy = grant.policy
    if policy is None or policy.kind != "customer" or not policy.holder:
        return world.functions_of(grant)
    return world.functions_under(policy.holder)


def listed(names: Iterable[str], most: int = 2) -> str:
    """Names for a message: the first few in backticks, and how many more there are."""
    every = list(dict.fromkeys(names))
    shown = [f"`{name}`" for name in every[:most]]
    more = len(every) - most
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
