"""What is needed, in place of a policy or a statement that grants far more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stockade.control import Add, Change, Drop, Fix, Put, Rewrite, Safety
from stockade.model.detach import detached
from stockade.model.grants import policy_name
from stockade.model.role import Grant
from stockade.model.world import World
from stockade.value import Known, Ref, Unknown


def instead_of(grant: Grant, statements: Sequence[Mapping[str, Any]] | None) -> Fix | None:
    """An attached policy taken off a role, and the statements for what the code needs of it added.

    ``None`` as ``statements`` says that this is not known. ``None`` comes of it where the policy cannot be
    taken off for this role alone.
    """
    found, role = detached(grant), grant.execution_role.role
    if found is None or statements is None or isinstance(role, Unknown):
        return None
    changes: list[Change] = []
    if statements:
        attributes = (
            ("name", "what-the-code-needs"),
            ("roles", Ref(role.value.address, "name")),
            ("document", {"Version": "2012-10-17", "Statement": list(statements)}),
        )
        changes.append(Add("InlinePolicy", role.value.address, attributes))
    whole = found.left is None
    changes.append(Drop(found.address) if whole else Put(found.address, "managed_policy_arns", found.left))
    return Fix(f"replace `{policy_name(grant)}` by what the code needs of it", Safety.REVIEW, tuple(changes))


def narrowed_to(grant: Grant, statements: Sequence[Mapping[str, Any]] | None, world: World) -> Fix | None:
    """The only statement of a policy of the project made to allow what the code needs of it, and no more.

    ``None`` where that is not known or nothing, where the policy says more or is on other roles as well.
    """
    policy, role = grant.policy, grant.execution_role.role
    if not statements or policy is None or not policy.holder or isinstance(policy.document, Unknown):
        return None
    on = [one for one in world.roles if any(each.holder == policy.holder for each in one.policies)]
    if len(policy.document.value.statements) != 1 or not isinstance(role, Known) or on != [role.value]:
        return None
    where = (policy.holder, policy.attribute)
    changes: tuple[Change, ...] = (Rewrite(*where, None, "Statement", list(statements)),)
    if len(statements) == 1 and statements[0].keys() <= {"Sid", "Effect", "Action", "Resource"}:
        changes = tuple(Rewrite(*where, 0, name, statements[0][name]) for name in ("Action", "Resource"))
    return Fix("allow only what the code needs", Safety.REVIEW, changes)
