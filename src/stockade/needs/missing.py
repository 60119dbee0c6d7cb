"""Which of the calls that code certainly makes the function's role does not allow, by the policy engine."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from stockade.iam.cover import shape
from stockade.iam.decide import Answer
from stockade.iam.match import Shape, has_wildcard
from stockade.iam.policy import Statement
from stockade.iam.request import Request
from stockade.iam.symbolic import Proved, Witness, ever_allows
from stockade.model.access import Powers
from stockade.model.need import Certainty, FunctionNeeds, Needed
from stockade.model.role import ExecutionRole
from stockade.model.world import World
from stockade.patterns import lazy_regex
from stockade.records import dataclass
from stockade.value import Unknown

_STEPS: Final = 20_000
_PROGRAM: Final = lazy_regex(r"\bplugin|\bmacro|\btransform", re.IGNORECASE)
_BY_RESOURCE: Final = frozenset({"kms", "sts"})
"""Services whose resources' own policies mostly decide, and are not in the input."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The role allows it, on some of what is needed at least."""

    need: Needed


@dataclass(frozen=True, slots=True)
class Refused:
    """The role allows no such request; ``by`` is the statement that denies it, where one does."""

    need: Needed
    by: Statement | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """Whether it is allowed is not known."""

    need: Needed
    why: Unknown


Answered: TypeAlias = Allowed | Refused | Open


def judged(needs: FunctionNeeds, world: World) -> tuple[Answered, ...] | Unknown:
    """What becomes of the calls that the code certainly makes; ``Unknown`` where the role is not known."""
    wanted = [one for one in needs.learned.needed if _counts(one)]
    if not wanted:
        return ()
    role = world.role_of(needs.function)
    powers = world.powers_of(role) if role is not None else None
    if role is None or powers is None:
        role_unknown = role.role if role is not None else None
        if isinstance(role_unknown, Unknown):
            return role_unknown
        return Unknown("the function's role is not known", needs.origin)
    answers = [_judged(one, powers, role, world, needs) for one in wanted]
    # Mail is sent from an address or from its domain, whichever is verified: one of them is enough.
    sending = {one.need.action for one in answers if not isinstance(one, Refused) and _sends(one.need)}
    return tuple(one for one in answers if not isinstance(one, Refused) or one.need.action not in sending)


def _sends(need: Needed) -> bool:
    return need.action.startswith("ses:Send")


def _counts(need: Needed) -> bool:
    service = need.action.partition(":")[0]
    return (
        need.found == "source"
        and need.certainty is Certainty.CERTAIN
        and need.direct
        and service not in _BY_RESOURCE
    )


def _judged(need: Needed, powers: Powers, role: ExecutionRole, world: World, needs: FunctionNeeds) -> Answered:
    resource = shape(need.resource)
    if not has_wildcard(resource):
        plain = resource[0] if len(resource) == 1 and isinstance(resource[0], str) else resource
        decision = powers.access.decide(Request(powers.caller, need.action, plain, complete=True))
        if decision.answer is Answer.ALLOW:
            return Allowed(need)
    match ever_allows(powers.access, (need.action,), (resource,), caller=powers.caller, steps=_STEPS):
        case Witness():
            return Allowed(need)
        case Proved():
            pass
        case undecided:
            depends = undecided.depends_on[0] if undecided.depends_on else undecided.reason
            why = f"whether the role allows `{need.action}` depends on {depends}"
            return Open(need, Unknown(why, need.reasons[0].origin))
    unread = _unread(role, world) or _added(world)
    if unread is not None:
        return Open(need, unread)
    service = need.action.partition(":")[0]
    policed = world.declared.policed.get(service)
    if policed is not None and not _bare(resource, world):
        why = f"`{policed}` may allow it: a policy of the resource's own is enough in one account"
        if not policed:
            why = f"a policy of the resource's own may allow it: those of `{service}` are not read"
        return Open(need, Unknown(why, need.reasons[0].origin))
    denied = powers.access.decide(Request(powers.caller, need.action, resource, complete=True))
    by = next((one.statement for one in denied.deciding if one.statement.allows is False), None)
    return Refused(need, by)


def _bare(resource: Shape, world: World) -> bool:
    """Whether a resource is known to have no policy of its own."""
    return len(resource) == 1 and resource[0] in world.declared.bare


def _added(world: World) -> Unknown | None:
    """What may give the role more than is written: programs of the input's own that nobody runs here."""
    for gap in world.gaps:
        if not gap.spare and _PROGRAM.search(f"{gap.what} {gap.reason}"):
            return Unknown(f"{gap.what} was not read: {gap.reason}", gap.origin)
    return None


def _unread(role: ExecutionRole, world: World) -> Unknown | None:
    """What of a role's permissions was not read, and may allow more."""
    functions = world.functions_of(role)
    for grant in world.grants_of(functions[0]) if functions else ():
        if isinstance(grant.statement, Unknown):
            return grant.statement
    return None
