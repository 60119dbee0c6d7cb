"""What would be left of a declaration that attaches one of AWS's policies, were it taken away."""

from __future__ import annotations

from typing import TypeAlias

from stockade.model.role import Grant, Role, RolePolicy
from stockade.records import dataclass
from stockade.value import Known, Ref, Text, Unknown, Value

_Written: TypeAlias = str | Ref | Text


@dataclass(frozen=True, slots=True)
class Detached:
    """Where a policy is attached, and for a role's own list what is ``left`` of it; ``None`` is all gone.

    An empty list is not gone: to Terraform no list at all would detach nothing.
    """

    address: str
    left: tuple[_Written, ...] | None = None


def detached(grant: Grant) -> Detached | None:
    """What detaches a grant's policy and nothing else with it; ``None`` for what cannot be, or is not AWS's."""
    policy, role = grant.policy, grant.execution_role.role
    if policy is None or policy.kind != "aws" or isinstance(role, Unknown):
        return None
    if policy.address == role.value.address:
        return _unlisted(policy, role.value)
    return Detached(policy.address) if policy.alone else None


def _unlisted(policy: RolePolicy, role: Role) -> Detached | None:
    if isinstance(role.managed_policy_arns, Unknown):
        return None
    kept = [one for one in role.managed_policy_arns.value if not _is_same(one, policy.arn)]
    left = tuple(text for one in kept if (text := _written(one)) is not None)
    return Detached(role.address, left) if len(left) == len(kept) else None


def _is_same(one: Value[str], other: Value[str | None]) -> bool:
    match one, other:
        case Known(text), Known(same):
            return text == same
        case Unknown(_, _, text), Unknown(_, _, same):
            return text is not None and text == same
    return False


def _written(arn: Value[str]) -> _Written | None:
    return (arn.ref or arn.value) if isinstance(arn, Known) else arn.text
